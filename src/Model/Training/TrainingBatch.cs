using Dpvr.Model.Checkpoints;
using Dpvr.Model.Language;
using Dpvr.Model.Pictures;

namespace Dpvr.Model.Training;

/// <summary>Examples collated in plain memory, ready to become tensors on the training thread.</summary>
internal sealed class TrainingBatch
{
    private TrainingBatch(TrainingExample[] examples, float[] pixels, long[] targetIndex, long[] targets, long[][]? patchLabels)
    {
        Prompts = [.. examples.Select(e => e.Prompt)];
        Pixels = pixels;
        TargetIndex = targetIndex;
        Targets = targets;
        PatchLabels = patchLabels;
    }

    internal IReadOnlyList<BranchedPrompt> Prompts { get; }

    /// <summary>Normalised (B, 3, S, S).</summary>
    internal float[] Pixels { get; }

    /// <summary>Index among (row, text token) of each token whose successor is a target, rows as wide as the widest text.</summary>
    internal long[] TargetIndex { get; }

    /// <summary>The successor's id, one for each of <see cref="TargetIndex"/>.</summary>
    internal long[] Targets { get; }

    /// <summary>(heads, B·P)</summary>
    internal long[][]? PatchLabels { get; }

    internal static TrainingBatch Of(TrainingExample[] examples, ImageProcessor processor, LlavaConfig config)
    {
        var pixels = new float[processor.PictureLength * examples.Length];
        processor.Normalise([.. examples.Select(e => e.Pixels)], pixels);

        int TextTokens(IReadOnlyList<int> tokens) => tokens.Count(t => t != config.ImageTokenIndex);
        var width = examples.Max(e => TextTokens(e.Prompt.Shared) + e.Prompt.Branches.Sum(TextTokens));
        List<long> index = [], targets = [];
        for (var row = 0; row < examples.Length; row++)
        {
            var text = (long)row * width + TextTokens(examples[row].Prompt.Shared); // where the branch's first token stands
            foreach (var (tokens, isTarget) in examples[row].Prompt.Branches.Zip(examples[row].IsTarget))
            {
                if (isTarget[0]) throw new ArgumentException($"Example {row} of the batch: a conversation's first token is a target, with nothing before it.");
                for (var i = 1; i < tokens.Count; i++)
                {
                    if (!isTarget[i]) continue;
                    index.Add(text + i - 1);
                    targets.Add(tokens[i]);
                }
                text += tokens.Count;
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
