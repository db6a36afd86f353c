namespace Dpvr.Data.Faults;

/// <summary>Places where a test may put a fault, by the environment variable <c>DPVR_FAILPOINTS</c> (see <see cref="FailpointSet"/>). Without it each is one test of a constant.</summary>
public static class Failpoints
{
    /// <summary>The worker has a lease and nothing else.</summary>
    public const string AfterLease = "after-lease";

    /// <summary>The attempt's data file is written, its completion marker is not.</summary>
    public const string AfterDataStaged = "after-data-staged";

    /// <summary>Right before the completion marker is created.</summary>
    public const string BeforeDone = "before-done";

    /// <summary>The completion marker is created; nobody was told.</summary>
    public const string AfterDone = "after-done";

    /// <summary>Right before the worker reports.</summary>
    public const string BeforeReport = "before-report";

    /// <summary>Right before the coordinator writes what people asked of a job.</summary>
    public const string BeforeControl = "before-control";

    /// <summary>The end is decided, the output is not assembled.</summary>
    public const string BeforeFinish = "before-finish";

    /// <summary>The output is assembled, the end is not written.</summary>
    public const string BeforeEnd = "before-end";

    /// <summary>A message is answered and its job durable, but not acknowledged.</summary>
    public const string BeforeAck = "before-ack";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } = [AfterLease, AfterDataStaged, BeforeDone, AfterDone, BeforeReport, BeforeControl, BeforeFinish, BeforeEnd, BeforeAck];

    private static readonly FailpointSet? s_set = Environment.GetEnvironmentVariable("DPVR_FAILPOINTS") is { Length: > 0 } text ? FailpointSet.Parse(text) : null;

    /// <summary>Marks the place.</summary>
    public static ValueTask HitAsync(string name, CancellationToken cancellationToken = default) =>
        s_set is null ? ValueTask.CompletedTask : s_set.HitAsync(name, TimeProvider.System, cancellationToken);
}
