using Dpvr.Data.Sources;

namespace Dpvr.Data.Urls;

/// <summary>What one attempt came to.</summary>
/// <param name="Result">The bytes, or why there are none.</param>
/// <param name="IsFinal">False where another attempt may do better.</param>
/// <param name="Pause">How long the server wants to be left alone.</param>
internal sealed record UrlAnswer(SourceBytes Result, bool IsFinal, TimeSpan? Pause = null)
{
    public static UrlAnswer Final(string code, string message) => new(SourceBytes.Failed(code, message), true);

    public static UrlAnswer Passing(string code, string message, TimeSpan? pause = null) => new(SourceBytes.Failed(code, message), false, pause);
}
