namespace Dpvr.Workers;

/// <summary>How a worker works.</summary>
public sealed class WorkerOptions
{
    /// <summary>The worker's name in leases and logs. Default: machine name and process id.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Shards in hand: the one that is computed and the one being made ready. Default: 2.</summary>
    public int ShardsInHand { get; set; } = 2;

    /// <summary>Shards in hand at most, where shards are so small that two of them do not fill the engine twice. Default: 16.</summary>
    public int MostShardsInHand { get; set; } = 16;

    /// <summary>Pictures that are read at the same time. Default: 4.</summary>
    public int FetchThreads { get; set; } = 4;

    /// <summary>Pictures that are decoded at the same time. Default: the number of cores.</summary>
    public int DecodeThreads { get; set; } = Environment.ProcessorCount;

    /// <summary>How long a draining worker goes on with shards in hand before it gives them back. Default: 10 s.</summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Answers that are remembered, so that the same picture with the same prompt is computed once. Default: 65,536.</summary>
    public int RememberedAnswers { get; set; } = 65_536;
}
