using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>New prefixes from pixels to stored keys and values: the tower over all their images first, then the decoder, equal layouts together.</summary>
internal sealed class PrefixStage : IDisposable
{
    private readonly PrefixPass _pass;
    private readonly SharedStart _start;

    internal PrefixStage(LlavaModel model, KeyValueCache cache, KeyValuePlan memory, EngineOptions options, TimeProvider time)
    {
        _pass = new PrefixPass(model, cache);
        _start = new SharedStart(_pass, memory);
        Images = new ImageFeatures(model, options.Pixels, options.CachedImages, Math.Clamp(options.PrefillTokens / model.Config.ImageTokens, 1, options.PrefillBatch), time);
    }

    internal ImageFeatures Images { get; }

    /// <summary>
    /// Sequences whose prefixes can be computed together: they begin with the same shared text, if with any. Whether its end is read is part of the kind, too: the others need
    /// less of the last layer.
    /// </summary>
    internal IReadOnlyList<IReadOnlyList<Sequence>> Groups(IReadOnlyList<Sequence> sequences)
    {
        foreach (var sequence in sequences) _start.Meet(sequence.Prompt);
        return [.. sequences.GroupBy(s => (s.Prompt.Layout.Signature, _start.Of(s.Prompt), s.Prompt.Suffix.Length == 0)).Select(g => (Sequence[])[.. g])];
    }

    /// <summary>Computes the prefixes of sequences of one kind; their last outputs (B, 1, D) when their prompts end with the image, else null.</summary>
    internal Tensor? Run(IReadOnlyList<Sequence> rows)
    {
        using var scope = NewDisposeScope();
        var vision = Images.Of([.. rows.SelectMany(r => r.Request.Images)]); // (B · n, P, D)
        vision = vision.reshape(rows.Count, -1, vision.shape[2]); // (B · n, P, D) → (B, n · P, D)
        var first = rows[0].Prompt;
        var shared = _start.Prepare(first);
        var last = _pass.Run(first.Layout, shared, [.. rows.SelectMany(r => r.Prompt.PrefixText.Skip(shared))], vision, [.. rows.Select(r => r.Entry)], first.Suffix.Length == 0);
        return last?.MoveToOuterDisposeScope();
    }

    public void Dispose() => Images.Dispose();
}
