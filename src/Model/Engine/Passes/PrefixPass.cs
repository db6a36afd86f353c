using Dpvr.Model.Layers;
using Dpvr.Model.Language;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// Computes the keys and values of prefixes, and nothing else: of the last layer no query, no attention and no feed-forward, unless a
/// prompt ends with its image and so reads a prefix's own last output. Rows of one call have the same layout, so nothing is padded or masked.
/// </summary>
internal sealed class PrefixPass(LlavaModel model, KeyValueCache cache)
{
    /// <param name="layout">Of all rows.</param>
    /// <param name="ids">Text token ids of the rows, one behind the other.</param>
    /// <param name="vision">Vision tokens (B, I, D).</param>
    /// <param name="entries">Where each row's keys and values go.</param>
    /// <param name="read">Whether somebody reads the last token's output.</param>
    /// <returns>Last output of each row (B, 1, D), before the final norm; null when nobody reads it.</returns>
    internal Tensor? Run(PrefixLayout layout, long[] ids, Tensor vision, IReadOnlyList<int> entries, bool read)
    {
        using var scope = NewDisposeScope();
        var (decoder, plan, device) = (model.Decoder, model.Plan, model.Placement.Device);
        var text = layout.Text == 0 ? null : model.Embed(tensor(ids, device: device).view(entries.Count, layout.Text)); // (B, T, D)
        var all = new View(decoder.Rotary, model.Placement, [.. Enumerable.Range(0, layout.Length).Select(i => (long)i)]);
        var words = layout.Text == 0 ? null : new View(decoder.Rotary, model.Placement, layout.Positions(ofImages: false));
        Tensor? together = null; // (B, T + I, D) in reading order, while layers see both
        for (var i = 0; i < plan.Layers; i++)
        {
            using var temporaries = NewDisposeScope();
            if (together is not null && i == plan.Saturation)
            {
                vision = layout.Pick(together, images: true).MoveToOuterDisposeScope();
                text = text is null ? null : layout.Pick(together, images: false).MoveToOuterDisposeScope();
                together = null;
            }
            if (i == plan.Saturation && decoder.SideBranch is { } branch && plan.HasSideBranch)
            {
                var own = new View(decoder.Rotary, model.Placement, layout.Positions(ofImages: true));
                vision = branch.Finish(vision, Causal(branch.Project(vision, own.Rope), own)).MoveToOuterDisposeScope();
            }
            var sees = plan.SeesImages(i);
            if (sees) together ??= layout.Join(text, vision).MoveToOuterDisposeScope();
            if ((sees ? together : text) is not { } hidden) continue; // a text-only layer, and no text before the image
            var output = Layer(i, hidden, sees ? all : words!, entries, read);
            if (i == plan.Layers - 1) return output?.MoveToOuterDisposeScope().MoveToOuterDisposeScope();
            if (sees) together = output!.MoveToOuterDisposeScope();
            else text = output!.MoveToOuterDisposeScope();
        }
        return null;
    }

    private Tensor? Layer(int index, Tensor hidden, View view, IReadOnlyList<int> entries, bool read)
    {
        var layer = model.Decoder.Layers[index];
        if (index < model.Plan.Layers - 1)
        {
            var projected = layer.Project(hidden, view.Rope);
            cache.StorePrefix(index, projected.K, projected.V, entries);
            return layer.Finish(hidden, Causal(projected, view));
        }
        var (k, v) = layer.ProjectKeys(hidden, view.Rope);
        cache.StorePrefix(index, k, v, entries);
        if (!read) return null;
        var last = hidden.narrow(1, hidden.shape[1] - 1, 1); // (B, 1, D): it sees all that is there
        return layer.Finish(last, Attention.Apply(layer.ProjectQueries(last, view.Last), k, v, mask: null));
    }

    private static Tensor Causal((Tensor Q, Tensor K, Tensor V) projected, View view) => Attention.Causal(projected.Q, projected.K, projected.V, view.Mask);

    /// <summary>What layers that see the same tokens share.</summary>
    private sealed class View
    {
        internal View(Rotary rotary, Placement placement, long[] positions)
        {
            Rope = rotary.At(tensor(positions, device: placement.Device).unsqueeze(0)); // 2 × (1, 1, T, Dh)
            var last = positions.Length - 1;
            Last = (Rope.Cosine.narrow(2, last, 1), Rope.Sine.narrow(2, last, 1));
            Mask = empty([positions.Length, positions.Length], dtype: placement.Dtype, device: placement.Device).fill_(Scalars.NegativeInfinity).triu(1);
        }

        internal (Tensor Cosine, Tensor Sine) Rope { get; }

        internal (Tensor Cosine, Tensor Sine) Last { get; }

        /// <summary>Additive (T, T): positions grow, so what comes later is not seen.</summary>
        internal Tensor Mask { get; }
    }
}
