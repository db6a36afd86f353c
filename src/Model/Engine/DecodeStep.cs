using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>One more token for every live sequence: their newest tokens go through the decoder against the stored keys and values.</summary>
internal static class DecodeStep
{
    /// <summary>Logits (N, V) of the sequences in slots 0…N−1.</summary>
    internal static Tensor Run(LlavaModel model, KeyValueCache cache, IReadOnlyList<Sequence> rows)
    {
        using var scope = NewDisposeScope();
        int count = rows.Count, images = rows.Max(r => r.ImageTokens), text = rows.Max(r => r.StoredText) + 1;
        var host = new long[4 * count];
        for (var r = 0; r < count; r++)
        {
            (host[r], host[count + r]) = (rows[r].Tokens[^1], rows[r].Position);
            (host[2 * count + r], host[3 * count + r]) = cache.Flat(rows[r].Slot, rows[r].StoredText);
        }
        var device = tensor(host, device: model.Placement.Device).view(4, count, 1); // tokens, positions, and where their keys go
        var (withImages, textOnly) = (device[2].squeeze(1), device[3].squeeze(1));
        cache.Extend(withImages);
        var masks = cache.Masks(count, images, text);
        var rope = model.Decoder.Rotary.At(device[1]);
        var hidden = model.Embed(device[0]); // (N, 1, D)
        for (var i = 0; i < model.Decoder.Layers.Count; i++)
        {
            using var temporaries = NewDisposeScope();
            var layer = model.Decoder.Layers[i];
            var sees = model.Plan.SeesImages(i);
            var (q, k, v) = layer.Project(hidden, rope);
            var (keys, values) = cache.Append(i, sees ? withImages : textOnly, k, v, images, text);
            hidden = layer.Finish(hidden, Attention.OneQuery(q, keys, values, sees ? masks.WithImages : masks.TextOnly)).MoveToOuterDisposeScope();
        }
        return model.Logits(hidden).squeeze(1).MoveToOuterDisposeScope();
    }
}
