using Dpvr.Contracts.Jobs;
using Dpvr.Dashboard.Jobs;
using Dpvr.Dashboard.Workers;

namespace Dpvr.Dashboard.Tests.Jobs;

/// <summary>Jobs that note what is done to them.</summary>
internal sealed class FakeJobs : IJobFeed, IWorkerFeed
{
    public List<string> Done { get; } = [];

    /// <summary>What every act throws; null: it succeeds.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Maps by range.</summary>
    public Dictionary<int, ShardMap> Maps { get; } = [];

    public static JobDetail Job(JobStatus status, bool paused = false, Counts? requests = null, IReadOnlyList<string>? files = null, int shards = 1) => new()
    {
        Row = new JobRow { Progress = new JobProgress { Job = new JobId("a-1"), Status = status, Paused = paused, Requests = requests ?? new Counts(), Shards = shards } },
        Prompts = [new PromptSpec("caption", "Describe the image.")],
        Sampling = new SamplingSpec(),
        Files = files ?? [],
    };

    public Task<JobsPage> ListAsync(JobsQuery query, CancellationToken cancellationToken) => Task.FromResult(new JobsPage([], 0, 0));

    public Task<JobDetail?> ReadAsync(JobId job, CancellationToken cancellationToken) => Task.FromResult<JobDetail?>(null);

    public Task<ShardMap?> ReadShardsAsync(JobId job, int range, CancellationToken cancellationToken) => Task.FromResult(Maps.GetValueOrDefault(range));

    public Task PauseAsync(JobId job, CancellationToken cancellationToken) => NoteAsync($"pause {job}");

    public Task ResumeAsync(JobId job, CancellationToken cancellationToken) => NoteAsync($"resume {job}");

    public Task CancelAsync(JobId job, CancellationToken cancellationToken) => NoteAsync($"cancel {job}");

    public async Task<JobId> RetryFailedAsync(JobId job, CancellationToken cancellationToken)
    {
        await NoteAsync($"retry {job}");
        return new JobId("a-2");
    }

    public Task SetShareAsync(JobId job, double weight, int priority, CancellationToken cancellationToken) => NoteAsync(FormattableString.Invariant($"share {job} {weight} {priority}"));

    public Task<IReadOnlyList<WorkerRow>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WorkerRow>>([]);

    private Task NoteAsync(string what)
    {
        if (Fault is { } fault) return Task.FromException(fault);
        Done.Add(what);
        return Task.CompletedTask;
    }
}
