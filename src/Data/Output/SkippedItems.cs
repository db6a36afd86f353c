using System.Runtime.CompilerServices;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Output;

/// <summary>The records of what a cancelled job never came to, made from its plan a shard at a time: every id has a record, and no memory grows with the job.</summary>
internal sealed class SkippedItems(JobStore store, JobId job, JobSpec spec)
{
    private readonly ItemError _why = new(ErrorCodes.Cancelled, $"Job {job} was cancelled before this was done.");

    /// <summary>Records made so far.</summary>
    public long Count { get; private set; }

    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(PlanSlice slice, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var item in await store.ReadItemsAsync(slice, cancellationToken))
            foreach (var prompt in spec.Prompts)
            {
                Count++;
                var record = new ItemRecord { CustomId = item.CustomId, Prompt = prompt.Name, Model = spec.Model.Name, Routing = spec.Routing.ToString(), Error = _why, PromptText = item.Request?.Prompt };
                yield return JsonSerializer.SerializeToUtf8Bytes(record, DpvrJson.Line.ItemRecord);
            }
    }
}
