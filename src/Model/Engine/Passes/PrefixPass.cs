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
    /// <param name="shared">Text tokens that all rows begin with and whose keys and values <see cref="RunShared"/> stored; 0 for none, and where the last output is read.</param>
    /// <param name="ids">Text token ids of the rows, without the shared ones, one row behind the other.</param>
    /// <param name="vision">Vision tokens (B, I, D).</param>
    /// <param name="entries">Where each row's keys and values go.</param>
    /// <param name="read">Whether somebody reads the last token's output.</param>
    /// <returns>Last output of each row (B, 1, D), before the final norm; null when nobody reads it.</returns>
    internal Tensor? Run(PrefixLayout layout, int shared, long[] ids, Tensor vision, IReadOnlyList<int> entries, bool read)
    {
        using var scope = NewDisposeScope();
        var (decoder, plan) = (model.Decoder, model.Plan);
        if (shared > 0) layout = layout.BehindStart;
        var text = layout.Text == 0 ? null : Embed(ids, entries.Count, layout.Text); // (B, T, D)
        var all = new View(decoder.Rotary, model.Placement, [.. Enumerable.Range(shared, layout.Length).Select(i => (long)i)], shared);
        var words = layout.Text == 0 ? null : new View(decoder.Rotary, model.Placement, Behind(layout.Positions(ofImages: false), shared), shared);
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
                var own = new View(decoder.Rotary, model.Placement, Behind(layout.Positions(ofImages: true), shared), shared: 0);
                var (q, k, v) = branch.Project(vision, own.Rope);
                vision = branch.Finish(vision, Attention.Causal(q, k, v, own.Mask)).MoveToOuterDisposeScope();
            }
            var past = Past(i, shared, entries);
            var sees = plan.SeesImages(i);
            if (sees) together ??= layout.Join(text, vision).MoveToOuterDisposeScope();
            if ((sees ? together : text) is not { } hidden) continue; // a text-only layer, and no text before the image
            var output = Layer(i, hidden, sees ? all : words!, past, entries, read);
            if (i == plan.Layers - 1) return output?.MoveToOuterDisposeScope().MoveToOuterDisposeScope();
            if (sees) together = output!.MoveToOuterDisposeScope();
            else text = output!.MoveToOuterDisposeScope();
        }
        return null;
    }

    /// <summary>Computes the keys and values of text that prefixes begin with, and keeps them for <see cref="Run"/>.</summary>
    internal void RunShared(long[] ids)
    {
        using var scope = NewDisposeScope();
        var layers = model.Decoder.Layers;
        var view = new View(model.Decoder.Rotary, model.Placement, [.. Enumerable.Range(0, ids.Length).Select(i => (long)i)], shared: 0);
        var hidden = Embed(ids, 1, ids.Length); // (1, S, D)
        for (var i = 0; i < layers.Count; i++)
        {
            using var temporaries = NewDisposeScope();
            if (i == layers.Count - 1)
            {
                var (keys, values) = layers[i].ProjectKeys(hidden, view.Rope);
                cache.StoreShared(i, keys, values);
                continue;
            }
            var (q, k, v) = layers[i].Project(hidden, view.Rope);
            cache.StoreShared(i, k, v);
            hidden = layers[i].Finish(hidden, Attention.Causal(q, k, v, view.Mask)).MoveToOuterDisposeScope();
        }
    }

    private Tensor Embed(long[] ids, long rows, long tokens) => model.Embed(tensor(ids, device: model.Placement.Device).view(rows, tokens));

    private static long[] Behind(long[] positions, int shared) => [.. positions.Select(p => p + shared)];

    /// <summary>A layer's keys and values (B, Hkv, S, Dh) of what the rows begin with, which go into their entries, too; null for none.</summary>
    private (Tensor K, Tensor V)? Past(int layer, int shared, IReadOnlyList<int> entries)
    {
        if (shared == 0) return null;
        Tensor Of(Tensor stored) => stored.narrow(2, 0, shared).expand(entries.Count, -1, -1, -1);
        var (keys, values) = (Of(cache.SharedKeys[layer]), Of(cache.SharedValues[layer]));
        cache.StorePrefix(layer, keys, values, entries);
        return (keys, values);
    }

    private Tensor? Layer(int index, Tensor hidden, View view, (Tensor K, Tensor V)? past, IReadOnlyList<int> entries, bool read)
    {
        var layer = model.Decoder.Layers[index];
        if (index < model.Plan.Layers - 1)
        {
            var projected = layer.Project(hidden, view.Rope);
            cache.StorePrefix(index, projected.K, projected.V, entries, view.Shared);
            return layer.Finish(hidden, Attention.Causal(projected.Q, projected.K, projected.V, view.Mask, past));
        }
        var (k, v) = layer.ProjectKeys(hidden, view.Rope);
        cache.StorePrefix(index, k, v, entries, view.Shared);
        if (!read) return null;
        var last = hidden.narrow(1, hidden.shape[1] - 1, 1); // (B, 1, D): it sees all that is there
        return layer.Finish(last, Attention.Apply(layer.ProjectQueries(last, view.Last), k, v, mask: null));
    }

    /// <summary>What layers that see the same tokens share.</summary>
    private sealed class View
    {
        internal View(Rotary rotary, Placement placement, long[] positions, int shared)
        {
            Shared = shared;
            Rope = rotary.At(tensor(positions, device: placement.Device).unsqueeze(0)); // 2 × (1, 1, T, Dh)
            var last = positions.Length - 1;
            Last = (Rope.Cosine.narrow(2, last, 1), Rope.Sine.narrow(2, last, 1));
            Mask = empty([positions.Length, positions.Length], dtype: placement.Dtype, device: placement.Device).fill_(Scalars.NegativeInfinity).triu(1);
        }

        /// <summary>Tokens before them that all rows begin with.</summary>
        internal int Shared { get; }

        internal (Tensor Cosine, Tensor Sine) Rope { get; }

        internal (Tensor Cosine, Tensor Sine) Last { get; }

        /// <summary>Additive (T, T), of these tokens alone: positions grow, so what comes later is not seen.</summary>
        internal Tensor Mask { get; }
    }
}
