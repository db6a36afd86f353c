using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>Records as lines of OpenAI's batch output: a chat completion, or an error.</summary>
/// <param name="job">The job: ids are made from it and the record's, so that they are the same whenever they are made.</param>
/// <param name="created">When the answers were made.</param>
public sealed class BatchOutputLines(JobId job, DateTimeOffset created)
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The line of a record, its end included; valid until the next one is asked for.</summary>
    public ReadOnlyMemory<byte> Of(ItemRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        _buffer.ResetWrittenCount();
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{job}\0{record.CustomId}")))[..24];
        using (var json = new Utf8JsonWriter(_buffer, s_options))
        {
            json.WriteStartObject();
            json.WriteString("id", $"batch_req_{id}");
            json.WriteString("custom_id", record.CustomId);
            if (record.Error is { } error) WriteError(json, error);
            else WriteResponse(json, id, record);
            json.WriteEndObject();
        }
        _buffer.Write("\n"u8);
        return _buffer.WrittenMemory;
    }

    /// <summary>A record as a <c>chat.completion</c> object.</summary>
    /// <param name="json">Where it is written.</param>
    /// <param name="id">What comes after <c>chatcmpl-</c>.</param>
    /// <param name="created">When it was made.</param>
    /// <param name="record">The answer.</param>
    public static void WriteCompletion(Utf8JsonWriter json, string id, DateTimeOffset created, ItemRecord record)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(record);
        json.WriteStartObject();
        json.WriteString("id", $"chatcmpl-{id}");
        json.WriteString("object", "chat.completion");
        json.WriteNumber("created", created.ToUnixTimeSeconds());
        json.WriteString("model", record.Model);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", record.Text);
        json.WriteNull("refusal");
        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", record.FinishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        var tokens = record.Tokens ?? new TokenCounts(0, 0);
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", tokens.Prompt);
        json.WriteNumber("completion_tokens", tokens.Completion);
        json.WriteNumber("total_tokens", tokens.Prompt + tokens.Completion);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteResponse(Utf8JsonWriter json, string id, ItemRecord record)
    {
        json.WriteStartObject("response");
        json.WriteNumber("status_code", 200);
        json.WriteString("request_id", $"req_{id}");
        json.WritePropertyName("body");
        WriteCompletion(json, id, created, record);
        json.WriteEndObject();
        json.WriteNull("error");
    }

    private static void WriteError(Utf8JsonWriter json, ItemError error)
    {
        json.WriteNull("response");
        json.WriteStartObject("error");
        json.WriteString("code", error.Code);
        json.WriteString("message", error.Message);
        json.WriteEndObject();
    }
}
