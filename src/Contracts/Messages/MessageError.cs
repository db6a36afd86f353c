using System.Text.Json.Serialization;

namespace Dpvr.Contracts.Messages;

/// <summary>Why something failed.</summary>
/// <param name="Code">One word for programs (docs/reliability.md).</param>
/// <param name="Message">A sentence for people.</param>
public sealed record MessageError([property: JsonPropertyName("code")] string Code, [property: JsonPropertyName("message")] string Message);
