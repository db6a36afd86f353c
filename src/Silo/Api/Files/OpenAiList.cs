using System.Text.Json.Serialization;

namespace Dpvr.Silo.Api.Files;

/// <summary>A page of a list, newest first, as OpenAI's clients read it.</summary>
/// <param name="Data">What is on it.</param>
/// <param name="HasMore">True when there is more: ask with <c>after</c> = <see cref="LastId"/>.</param>
/// <param name="FirstId">The first one's id.</param>
/// <param name="LastId">The last one's id.</param>
internal sealed record OpenAiList<T>(IReadOnlyList<T> Data, bool HasMore, string? FirstId, string? LastId)
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Object { get; init; } = "list";
}
