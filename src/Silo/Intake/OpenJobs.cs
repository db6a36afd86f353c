using System.Security.Cryptography;
using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Silo.Intake;

/// <summary>
/// The open jobs of each submitter, as blobs <c>open/{submitter}/{job}</c>. Jobs that ended are struck off when somebody has reached the limit, so that counting costs
/// no more than the limit. Racing submissions may exceed it by their number.
/// </summary>
internal sealed class OpenJobs(JobStore store)
{
    /// <exception cref="TooManyJobsException">There are as many as allowed.</exception>
    public async Task RequireRoomAsync(string by, int most, CancellationToken cancellationToken)
    {
        if (most <= 0) return;
        var noted = new List<string>();
        await foreach (var key in store.Blobs.ListAsync(PrefixOf(by), cancellationToken)) noted.Add(key);
        if (noted.Count < most) return;
        var open = noted.Count;
        foreach (var key in noted)
        {
            var job = new JobId(key[(key.LastIndexOf('/') + 1)..]);
            if (await store.ReadEndAsync(job, cancellationToken) is null) continue;
            await store.Blobs.DeleteAsync(key, cancellationToken);
            open--;
        }
        if (open >= most) throw new TooManyJobsException(most);
    }

    public Task AddAsync(string by, JobId job, CancellationToken cancellationToken) =>
        store.Blobs.PutAsync(PrefixOf(by) + job.Value, "{}"u8.ToArray(), BlobDurability.Lazy, cancellationToken);

    public Task RemoveAsync(string by, JobId job, CancellationToken cancellationToken) => store.Blobs.DeleteAsync(PrefixOf(by) + job.Value, cancellationToken);

    // A submitter's name may hold anything; a blob's may not.
    private static string PrefixOf(string by) => $"open/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(by)))[..16]}/";
}
