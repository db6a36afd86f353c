namespace Dpvr.Contracts.Results;

/// <summary>Tokens of one request.</summary>
/// <param name="Prompt">Tokens read, image tokens among them.</param>
/// <param name="Completion">Tokens made.</param>
[GenerateSerializer, Immutable, Alias("dpvr.TokenCounts")]
public sealed record TokenCounts([property: Id(0)] int Prompt, [property: Id(1)] int Completion);
