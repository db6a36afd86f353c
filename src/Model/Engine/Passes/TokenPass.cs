using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>
/// New tokens of many sequences through the decoder in one pass: of those that begin, all that stands behind the image; of the others,
/// the newest token. They are packed without padding. Of the last layer, and of the head, only what is sampled is computed.
/// </summary>
internal sealed class TokenPass(LlavaModel model, KeyValueCache cache, ITokenAttention attention)
{
    /// <summary>Logits (N, V) of the last token of each of these sequences.</summary>
    internal Tensor Run(IReadOnlyList<Sequence> rows)
    {
        using var scope = NewDisposeScope();
        var (host, tokens, last) = Pack(rows);
        var count = tokens.Tokens.Count;
        var device = tensor(host, device: model.Placement.Device).view(3, count); // ids, positions, places of their keys
        var places = device[2];
        var rope = model.Decoder.Rotary.At(device[1].unsqueeze(0)); // 2 × (1, 1, M, Dh)
        var hidden = model.Embed(device[0]).unsqueeze(0); // (1, M, D)
        for (var i = 0; i < model.Plan.Layers - 1; i++)
        {
            using var temporaries = NewDisposeScope();
            var layer = model.Decoder.Layers[i];
            var (q, k, v) = layer.Project(hidden, rope);
            cache.StoreOwn(i, places, k, v);
            hidden = layer.Finish(hidden, attention.Attend(i, model.Plan.SeesImages(i), q, tokens)).MoveToOuterDisposeScope();
        }
        return model.Logits(Last(hidden, rope, places, tokens, last)).squeeze(0).MoveToOuterDisposeScope(); // (1, N, D) → (N, V)
    }

    private Tensor Last(Tensor hidden, (Tensor Cosine, Tensor Sine) rope, Tensor places, StepTokens tokens, long[] last)
    {
        var index = model.Plan.Layers - 1;
        var layer = model.Decoder.Layers[index];
        var sees = model.Plan.SeesImages(index);
        if (last.Length == tokens.Tokens.Count)
        {
            var (q, k, v) = layer.Project(hidden, rope);
            cache.StoreOwn(index, places, k, v);
            return layer.Finish(hidden, attention.Attend(index, sees, q, tokens));
        }
        var (keys, values) = layer.ProjectKeys(hidden, rope);
        cache.StoreOwn(index, places, keys, values);
        var chosen = tensor(last, device: hidden.device);
        var read = hidden.index_select(1, chosen); // (1, M, D) → (1, N, D)
        var queries = layer.ProjectQueries(read, (rope.Cosine.index_select(2, chosen), rope.Sine.index_select(2, chosen)));
        return layer.Finish(read, attention.Attend(index, sees, queries, tokens.Only(last)));
    }

    private (long[] Host, StepTokens Tokens, long[] Last) Pack(IReadOnlyList<Sequence> rows)
    {
        var count = rows.Sum(r => r.Pending.Count);
        var (host, tokens, last) = (new long[3 * count], new StepToken[count], new long[rows.Count]);
        var next = 0;
        for (var r = 0; r < rows.Count; r++)
        {
            var (row, layout) = (rows[r], rows[r].Prompt.Layout);
            for (var i = 0; i < row.Pending.Count; i++, next++)
            {
                var own = row.StoredOwn + i;
                (host[next], host[count + next], host[2 * count + next]) = (row.Pending[i], layout.Length + own, (long)row.Slot * cache.TextTokens + own);
                tokens[next] = new StepToken(row.Entry, layout.Text, layout.Length, row.Slot, own + 1);
            }
            last[r] = next - 1;
        }
        return (host, new StepTokens(tokens), last);
    }
}
