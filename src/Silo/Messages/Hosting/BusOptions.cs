namespace Dpvr.Silo.Messages.Hosting;

/// <summary>How messages are taken in.</summary>
public sealed class BusOptions
{
    /// <summary>The broker; null: messages stay in this process. Default: null.</summary>
    public BusAddress? Broker { get; set; }

    /// <summary>Deliveries of one message that end without an answer (the silo was killed, the connection broke) after which it goes to <c>dpvr.dead</c>. A queue keeps the limit it was made with. Default: 20.</summary>
    public int DeliveryLimit { get; set; } = 20;

    /// <summary>Submissions of jobs that are taken in at once. Default: 16.</summary>
    public int SubmissionsAtOnce { get; set; } = 16;

    /// <summary>How long a submission waits when there are as many open jobs as may be; then it is rejected. Below the time (30 minutes) after which RabbitMQ takes an unanswered message back. Default: 10 minutes.</summary>
    public TimeSpan RoomPatience { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it looks for room meanwhile. Default: 2 s.</summary>
    public TimeSpan RoomLook { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Pictures of a window at most: about what an engine computes at once. Default: 32.</summary>
    public int WindowSize { get; set; } = 32;

    /// <summary>A window is closed this long after its first picture, full or not. Default: 200 ms.</summary>
    public TimeSpan WindowAge { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Windows that are not answered yet, 1 to <see cref="MostWindows"/>. No more pictures are taken from the broker than fill them and one more. Default: null, which follows the
    /// engines: as many as fill their slots three times, and one more; at least <see cref="LeastWindows"/>.
    /// </summary>
    public int? OpenWindows { get; set; }

    /// <summary>Windows of few slots, or while no engine has said how many it has.</summary>
    internal const int LeastWindows = 4;

    /// <summary>Windows at most: what is held of them in memory is bounded.</summary>
    internal const int MostWindows = 32;

    /// <summary>Priority of windows: somebody waits for them. Default: 100.</summary>
    public int WindowPriority { get; set; } = 100;

    /// <summary>How often a window's job is looked at. Default: 20 ms.</summary>
    public TimeSpan WindowLook { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How often jobs are looked at for events of their progress. Default: 2 s.</summary>
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often work of silos that are gone is looked for. Default: 5 s.</summary>
    public TimeSpan AdoptInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the messages of the queues are counted. Default: 15 s.</summary>
    public TimeSpan CountInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Windows that may be open where engines have so many slots together.</summary>
    internal int WindowsFor(int slots) => OpenWindows ?? (int)Math.Clamp(Math.Ceiling(3.0 * slots / WindowSize) + 1, LeastWindows, MostWindows);

    /// <summary>Pictures that the broker hands out before they are answered for.</summary>
    internal int PicturesOf(int windows) => WindowSize * (windows + 1);
}
