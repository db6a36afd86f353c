using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dpvr.Silo.Messages.Jobs;
using Dpvr.Silo.Messages.Windows;

namespace Dpvr.Silo.Messages;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobNote))]
[JsonSerializable(typeof(WindowRecord))]
internal sealed partial class BusJson : JsonSerializerContext
{
    public static BusJson Text { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
