using System.Collections.Immutable;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>How text and images follow each other in a prefix: runs of text tokens and of vision tokens, in reading order.</summary>
/// <param name="Runs">Lengths; never 0.</param>
internal sealed record PrefixLayout(ImmutableArray<(bool IsImage, int Length)> Runs)
{
    internal static PrefixLayout None { get; } = new([]);

    /// <summary>Text tokens.</summary>
    internal int Text { get; } = Runs.Where(r => !r.IsImage).Sum(r => r.Length);

    /// <summary>Vision tokens.</summary>
    internal int Vision { get; } = Runs.Where(r => r.IsImage).Sum(r => r.Length);

    internal int Length => Text + Vision;

    /// <summary>Prefixes of the same layout can be computed together without padding.</summary>
    internal string Signature { get; } = string.Join(' ', Runs.Select(r => (r.IsImage ? "i" : "t") + r.Length));

    /// <summary>Text tokens before the first image.</summary>
    internal int Start => Runs is [(false, var length), ..] ? length : 0;

    /// <summary>What stands behind the text before the first image.</summary>
    internal PrefixLayout BehindStart => Start == 0 ? this : new(Runs.RemoveAt(0));

    /// <summary>Positions of the text tokens, or of the vision tokens.</summary>
    internal long[] Positions(bool ofImages)
    {
        var positions = new List<long>();
        var next = 0L;
        foreach (var (isImage, length) in Runs)
            for (var i = 0; i < length; i++, next++)
                if (isImage == ofImages) positions.Add(next);
        return [.. positions];
    }

    /// <summary>The text or the vision tokens of (B, T + I, D) in reading order → (B, T, D) or (B, I, D).</summary>
    internal Tensor Pick(Tensor together, bool images)
    {
        var (parts, next) = (new List<Tensor>(), 0L);
        foreach (var (isImage, length) in Runs)
        {
            if (isImage == images) parts.Add(together.narrow(1, next, length));
            next += length;
        }
        return parts.Count == 1 ? parts[0] : cat(parts, 1);
    }

    /// <summary>Text (B, T, D) and vision tokens (B, I, D) in reading order: (B, T + I, D).</summary>
    internal Tensor Join(Tensor? text, Tensor vision)
    {
        var parts = new List<Tensor>();
        long words = 0, patches = 0;
        foreach (var (isImage, length) in Runs)
        {
            parts.Add(isImage ? vision.narrow(1, patches, length) : text!.narrow(1, words, length));
            if (isImage) patches += length;
            else words += length;
        }
        return parts.Count == 1 ? parts[0] : cat(parts, 1);
    }
}
