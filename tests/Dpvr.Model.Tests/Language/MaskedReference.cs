using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Language;

/// <summary>
/// The three routings computed the slow way round: one sequence in reading order, every token in every layer, and routing
/// expressed by masks alone. Shares nothing with the decoder but its layers' weights.
/// </summary>
internal static class MaskedReference
{
    /// <summary>Greedy continuation, everything computed anew for every token.</summary>
    internal static (List<int> Tokens, List<float> LogProbs) Generate(LlavaModel model, IReadOnlyList<int> prompt, Tensor? vision, int tokens)
    {
        var (ids, likelihood) = (new List<int>(), new List<float>());
        for (var i = 0; i < tokens; i++)
        {
            using var scope = NewDisposeScope();
            var logProbs = Logits(model, [.. prompt, .. ids], vision).log_softmax(-1);
            ids.Add((int)logProbs.argmax().item<long>());
            likelihood.Add(logProbs[ids[^1]].item<float>());
        }
        return (ids, likelihood);
    }

    /// <summary>Logits (V) of the last position that is still there: prompt with one image token an image, vision tokens (N, P, D).</summary>
    internal static Tensor Logits(LlavaModel model, IReadOnlyList<int> prompt, Tensor? vision)
    {
        var config = model.Config;
        var rows = new List<Tensor>();
        var isImage = new List<bool>();
        var next = 0;
        foreach (var id in prompt)
        {
            if (id == config.ImageTokenIndex && next < (vision?.shape[0] ?? 0)) // a generated one is text like any other
            {
                rows.Add(vision![next++]);
                isImage.AddRange(Enumerable.Repeat(true, config.ImageTokens));
            }
            else
            {
                rows.Add(model.Embed(tensor(new long[] { id })));
                isImage.Add(false);
            }
        }
        var hidden = cat(rows, 0).unsqueeze(0); // (1, T, D)
        int length = isImage.Count, last = length - 1;
        var image = tensor(isImage.ToArray());
        var causal = ones([length, length], ScalarType.Bool).tril();
        var rope = model.Decoder.Rotary.At(arange(length).unsqueeze(0));
        var plan = model.Plan;
        for (var i = 0; i < plan.Layers; i++)
        {
            if (i == plan.Saturation && plan.HasSideBranch)
            {
                var own = model.Decoder.SideBranch!.Forward(hidden, rope, Additive(causal.logical_and(image.unsqueeze(0))));
                hidden = where(image.view(1, -1, 1), own, hidden);
            }
            var seen = plan.SeesImages(i) ? causal : causal.logical_and(image.logical_not().unsqueeze(0));
            var output = model.Decoder.Layers[i].Forward(hidden, rope, Additive(seen));
            hidden = plan.SeesImages(i) ? output : where(image.view(1, -1, 1), hidden, output);
        }
        while (!plan.SeesImages(plan.Layers - 1) && isImage[last]) last--;
        return model.Logits(hidden)[0, last];
    }

    /// <summary>A row that sees nothing (an image row in a text layer) looks at itself, which nobody reads.</summary>
    private static Tensor Additive(Tensor seen)
    {
        var some = seen.logical_or(seen.any(1, keepdim: true).logical_not().logical_and(eye(seen.shape[0], dtype: ScalarType.Bool)));
        return zeros(seen.shape).masked_fill(some.logical_not(), double.NegativeInfinity).view(1, 1, seen.shape[0], -1);
    }
}
