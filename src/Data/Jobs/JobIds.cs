using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;

namespace Dpvr.Data.Jobs;

/// <summary>
/// Ids that follow from what is asked: the same command gives the same id, so that running it again resumes it. <c>{hash}-{generation}</c>: a generation is one
/// plan of the source; a changed source makes the next one, which takes over every answer that is still right.
/// </summary>
public static class JobIds
{
    /// <summary>The id of a specification's first generation. What changes no answer (batch size, shard size, attempts, weight, priority, limits) changes no id.</summary>
    public static JobId First(JobSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var asked = spec with { BatchSize = 0, ShardSize = 0, MaxAttempts = 0, Weight = 0, Priority = 0, Limits = null };
        var hash = Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(asked, DpvrJson.Line.JobSpec)));
        return Of(hash[..20], 1);
    }

    /// <summary>The id of the generation after this one.</summary>
    public static JobId Next(JobId job)
    {
        var (family, generation) = Split(job);
        return Of(family, generation + 1);
    }

    /// <summary>The part that all generations share, and the generation (0 when the id was given by someone else).</summary>
    public static (string Family, int Generation) Split(JobId job)
    {
        var dash = job.Value.LastIndexOf('-');
        return dash > 0 && int.TryParse(job.Value.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? (job.Value[..dash], generation)
            : (job.Value, 0);
    }

    private static JobId Of(string family, int generation) => new(string.Create(CultureInfo.InvariantCulture, $"{family}-{generation}"));
}
