namespace Dpvr.Data.Requests.OpenAi;

/// <summary>The picture of a chat request: exactly one is set.</summary>
/// <param name="Url">An http or https address, not yet asked for.</param>
/// <param name="Bytes">The bytes of a data URL.</param>
public sealed record ChatPicture(string? Url, ReadOnlyMemory<byte>? Bytes);
