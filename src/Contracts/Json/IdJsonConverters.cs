using System.Text.Json;
using System.Text.Json.Serialization;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Contracts.Json;

internal sealed class JobIdJsonConverter : JsonConverter<JobId>
{
    public override JobId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return JobId.IsValid(text) ? new JobId(text!) : throw new JsonException($"'{text}' is no job id.");
    }

    public override void Write(Utf8JsonWriter writer, JobId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

internal sealed class ShardIdJsonConverter : JsonConverter<ShardId>
{
    public override ShardId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return ShardId.TryParse(text, out var id) ? id : throw new JsonException($"'{text}' is no shard id.");
    }

    public override void Write(Utf8JsonWriter writer, ShardId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
