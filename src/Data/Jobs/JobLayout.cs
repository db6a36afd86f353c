using System.Globalization;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Data.Jobs;

/// <summary>Where a store keeps jobs.</summary>
/// <param name="State">Prefix of all jobs' blobs, ending with '/'.</param>
/// <param name="Output">Prefix of a job's output, empty or ending with '/'; <c>{job}</c> stands for its id.</param>
public sealed record JobLayout(string State, string Output)
{
    /// <summary>The store is one output folder: results at its top, everything else under <c>.dpvr/</c>.</summary>
    public static JobLayout Embedded { get; } = new(".dpvr/jobs/", "");

    /// <summary>The store is shared by many jobs.</summary>
    public static JobLayout Shared { get; } = new("jobs/", "jobs/{job}/output/");

    /// <summary>Prefix of the pictures that came with requests; shared by all jobs.</summary>
    public string Pictures => $"{(State.EndsWith("jobs/", StringComparison.Ordinal) ? State[..^5] : State)}pictures/";

    /// <summary>Prefix of the job's blobs.</summary>
    public string Job(JobId job) => $"{State}{job}/";

    /// <summary>Prefix of the job's output.</summary>
    public string OutputOf(JobId job) => Output.Replace("{job}", job.Value, StringComparison.Ordinal);

    /// <summary>The specification.</summary>
    public string Spec(JobId job) => $"{Job(job)}job.json";

    /// <summary>The plan's head.</summary>
    public string Plan(JobId job) => $"{Job(job)}plan.json";

    /// <summary>What people asked of it.</summary>
    public string Control(JobId job) => $"{Job(job)}control.json";

    /// <summary>Its end.</summary>
    public string End(JobId job) => $"{Job(job)}finished.json";

    /// <summary>How it ends, decided before its output is assembled.</summary>
    public string Ending(JobId job) => $"{Job(job)}ending.json";

    /// <summary>What counts as done of a cancelled job's range.</summary>
    public string Cut(JobId job, int range) => $"{Job(job)}cut/{Number(range)}.json";

    /// <summary>Prefix of the sums of ranges that are complete.</summary>
    public string Sums(JobId job) => $"{Job(job)}sums/";

    /// <summary>The sums of a complete range.</summary>
    public string Sum(JobId job, int range) => $"{Sums(job)}{Number(range)}.json";

    /// <summary>Prefix of all ranges' attempts.</summary>
    public string Leases(JobId job) => $"{Job(job)}leases/";

    /// <summary>The sidecars of the output, as a list.</summary>
    public string SidecarList(JobId job) => $"{Job(job)}sidecars.jsonl";

    /// <summary>A range's items.</summary>
    public string PlanLines(JobId job, int range) => $"{Job(job)}plan/{Number(range)}.jsonl";

    /// <summary>Where each shard stands among them.</summary>
    public string PlanIndex(JobId job, int range) => $"{Job(job)}plan/{Number(range)}.index.json";

    /// <summary>Prefix of a range's completion markers.</summary>
    public string DoneRange(JobId job, int range) => $"{Job(job)}done/{Number(range)}/";

    /// <summary>A completion marker.</summary>
    public string Done(JobId job, ShardId shard) => $"{DoneRange(job, shard.Range)}{shard}.json";

    /// <summary>Prefix of a range's attempts.</summary>
    public string LeaseRange(JobId job, int range) => $"{Leases(job)}{Number(range)}/";

    /// <summary>An attempt.</summary>
    public string Lease(JobId job, ShardId shard, int attempt) => $"{LeaseRange(job, shard.Range)}{shard}.{attempt.ToString(CultureInfo.InvariantCulture)}.json";

    /// <summary>An attempt's records, relative to the job.</summary>
    public static string DataName(ShardId shard, int attempt) => $"shards/{Number(shard.Range)}/{shard}.{attempt.ToString(CultureInfo.InvariantCulture)}.jsonl";

    private static string Number(int range) => range.ToString("D5", CultureInfo.InvariantCulture);
}
