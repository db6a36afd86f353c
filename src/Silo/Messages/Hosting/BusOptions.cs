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

    /// <summary>Pictures of a window at most: about what an engine computes at once. Default: 32.</summary>
    public int WindowSize { get; set; } = 32;

    /// <summary>A window is closed this long after its first picture, full or not. Default: 200 ms.</summary>
    public TimeSpan WindowAge { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Windows that are not answered yet. No more pictures are taken from the broker than fill them and one more. Default: 4.</summary>
    public int OpenWindows { get; set; } = 4;

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

    /// <summary>Pictures that the broker hands out before they are answered for.</summary>
    internal int PicturesAtOnce => WindowSize * (OpenWindows + 1);
}
