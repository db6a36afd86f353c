using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Training;

/// <summary>Examples collated in plain memory, ready to become tensors on the training thread.</summary>
internal sealed class TrainingBatch
{
    private TrainingBatch(TrainingExample[] examples, byte[] pixels, long[] targetIndex, long[] targets, long[][]? patchLabels)
    {
        Prompts = [.. examples.Select(e => e.Tokens)];
        Pixels = pixels;
        TargetIndex = targetIndex;
        Targets = targets;
        PatchLabels = patchLabels;
    }

    internal IReadOnlyList<IReadOnlyList<int>> Prompts { get; }

    /// <summary>(B, 3, S, S)</summary>
    internal byte[] Pixels { get; }

    /// <summary>Index among (row, text token) of each token whose successor is a target, rows as wide as the widest text.</summary>
    internal long[] TargetIndex { get; }

    /// <summary>The successor's id, one for each of <see cref="TargetIndex"/>.</summary>
    internal long[] Targets { get; }

    /// <summary>(heads, B·P)</summary>
    internal long[][]? PatchLabels { get; }

    internal static TrainingBatch Of(TrainingExample[] examples, LlavaConfig config)
    {
        var size = examples[0].Pixels.Length;
        var pixels = new byte[size * examples.Length];
        for (var i = 0; i < examples.Length; i++) examples[i].Pixels.CopyTo(pixels, i * size);

        var width = examples.Max(e => e.Tokens.Count(t => t != config.ImageTokenIndex));
        List<long> index = [], targets = [];
        for (var row = 0; row < examples.Length; row++)
        {
            var (tokens, isTarget) = (examples[row].Tokens, examples[row].IsTarget);
            var text = 0; // text tokens before position i
            for (var i = 0; i < tokens.Count; i++)
            {
                if (tokens[i] == config.ImageTokenIndex) continue;
                if (isTarget[i])
                {
                    if (i == 0 || tokens[i - 1] == config.ImageTokenIndex)
                        throw new ArgumentException($"Example {row} of the batch: token {i} is a target but has no text token before it.");
                    index.Add((long)row * width + text - 1);
                    targets.Add(tokens[i]);
                }
                text++;
            }
        }
        return new TrainingBatch(examples, pixels, [.. index], [.. targets], Labels(examples));
    }

    private static long[][]? Labels(TrainingExample[] examples)
    {
        if (examples[0].PatchLabels is not { } first) return null;
        return [.. Enumerable.Range(0, first.Count).Select(head => examples.SelectMany(e => e.PatchLabels![head], (_, label) => (long)label).ToArray())];
    }
}
