namespace Dpvr.Contracts.Jobs;

/// <summary>Requests (one prompt on one picture) by how they ended. I2: total = succeeded + failed + skipped once a job has ended.</summary>
[GenerateSerializer, Immutable, Alias("dpvr.Counts")]
public sealed record Counts
{
    /// <summary>All requests: pictures × prompts.</summary>
    [Id(0)] public long Total { get; init; }

    /// <summary>Requests with an answer.</summary>
    [Id(1)] public long Succeeded { get; init; }

    /// <summary>Requests with an error record.</summary>
    [Id(2)] public long Failed { get; init; }

    /// <summary>Requests that the job was cancelled before; their record is an error with the code <c>cancelled</c>.</summary>
    [Id(3)] public long Skipped { get; init; }

    /// <summary>Those of <see cref="Succeeded"/> whose answer was taken over from an earlier run or a duplicate.</summary>
    [Id(4)] public long Reused { get; init; }

    /// <summary>Adds two counts.</summary>
    public static Counts operator +(Counts a, Counts b) => new()
    {
        Total = a.Total + b.Total,
        Succeeded = a.Succeeded + b.Succeeded,
        Failed = a.Failed + b.Failed,
        Skipped = a.Skipped + b.Skipped,
        Reused = a.Reused + b.Reused,
    };
}
