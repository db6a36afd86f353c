using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Silo.Intake;

/// <summary>
/// The open jobs of each submitter, as blobs <c>open/{submitter}/{job}</c>. Jobs that ended are struck off when somebody has reached the limit, so that counting costs
/// no more than the limit. Far from it not every submission counts. Racing submissions may exceed it by their number.
/// </summary>
internal sealed class OpenJobs(JobStore store, TimeProvider time)
{
    private const int ReadsAtOnce = 16;

    // Of the room that was counted, what one server may fill before it counts again: eight of them fill it together.
    private const int Share = 8;
    private static readonly TimeSpan s_counts = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <exception cref="TooManyJobsException">There are as many as allowed.</exception>
    public async Task RequireRoomAsync(string by, int most, CancellationToken cancellationToken)
    {
        if (most <= 0) return;
        if (_counts.TryGetValue(by, out var count) && count.Most == most && time.GetElapsedTime(count.At) < s_counts && Interlocked.Decrement(ref count.Left) >= 0) return;
        var noted = new List<string>();
        await foreach (var key in store.Blobs.ListAsync(PrefixOf(by), cancellationToken)) noted.Add(key);
        var open = noted.Count < most ? noted.Count : await StrikeAsync(noted, cancellationToken);
        if (open >= most) throw new TooManyJobsException(most);
        _counts[by] = new Count { Most = most, At = time.GetTimestamp(), Left = (most - open) / Share };
    }

    public Task AddAsync(string by, JobId job, CancellationToken cancellationToken) =>
        store.Blobs.PutAsync(PrefixOf(by) + job.Value, "{}"u8.ToArray(), BlobDurability.Lazy, cancellationToken);

    public Task RemoveAsync(string by, JobId job, CancellationToken cancellationToken) => store.Blobs.DeleteAsync(PrefixOf(by) + job.Value, cancellationToken);

    // How many are left.
    private async Task<int> StrikeAsync(IReadOnlyList<string> noted, CancellationToken cancellationToken)
    {
        var open = noted.Count;
        await Parallel.ForEachAsync(noted, new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (key, stop) =>
        {
            if (await store.ReadEndAsync(new JobId(key[(key.LastIndexOf('/') + 1)..]), stop) is null) return;
            await store.Blobs.DeleteAsync(key, stop);
            Interlocked.Decrement(ref open);
        });
        return open;
    }

    // A submitter's name may hold anything; a blob's may not.
    private static string PrefixOf(string by) => $"open/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(by)))[..16]}/";

    private sealed class Count
    {
        public required int Most { get; init; }

        public required long At { get; init; }

        public int Left;
    }
}
