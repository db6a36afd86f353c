using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Workers.Shards;

namespace Dpvr.Workers.Pipeline;

/// <summary>One picture on its way through the stages.</summary>
internal sealed record ItemWork
{
    public ItemWork(ShardWork shard, int place)
    {
        (Shard, Place) = (shard, place);
        Record = new ItemRecord { CustomId = Item.CustomId, Prompt = "", Model = shard.Job.Model.Name, Routing = shard.Job.Routing.ToString(), PromptText = Item.Request?.Prompt };
    }

    /// <summary>The shard it belongs to.</summary>
    public ShardWork Shard { get; }

    /// <summary>Its place in the shard.</summary>
    public int Place { get; }

    public ShardItem Item => Shard.Items[Place];

    /// <summary>The file, between fetching and decoding.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>What is known of it so far, without a prompt.</summary>
    public ItemRecord Record { get; init; }

    public ItemRecord RecordOf(int prompt) => Record with { Prompt = Shard.Job.Prompts[prompt].Name };
}
