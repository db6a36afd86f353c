namespace Dpvr.Contracts.Jobs;

/// <summary>One prompt or question, put to every picture.</summary>
/// <param name="Name">Unique within the job; stands in every result as <c>prompt</c>.</param>
/// <param name="Text">What the model is asked.</param>
[GenerateSerializer, Immutable, Alias("dpvr.PromptSpec")]
public sealed record PromptSpec([property: Id(0)] string Name, [property: Id(1)] string Text)
{
    /// <summary>The one prompt of a job of requests.</summary>
    /// <param name="otherwise">What is asked where a row brings no prompt; empty: such a row is bad.</param>
    public static PromptSpec OfRequests(string otherwise = "") => new("request", otherwise);
}
