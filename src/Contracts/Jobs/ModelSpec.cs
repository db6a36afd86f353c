namespace Dpvr.Contracts.Jobs;

/// <summary>Which model, and exactly which weights.</summary>
/// <param name="Name">Short name, stands in every result as <c>model</c>.</param>
/// <param name="Path">The checkpoint's folder as a worker finds it.</param>
/// <param name="Revision">Identifies everything that shapes an answer: weights, tokenizer, image processing, chat template (for example a digest of the checkpoint's files).</param>
[GenerateSerializer, Immutable, Alias("dpvr.ModelSpec")]
public sealed record ModelSpec([property: Id(0)] string Name, [property: Id(1)] string Path, [property: Id(2)] string Revision);
