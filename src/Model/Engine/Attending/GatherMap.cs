using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>Brings tokens (M, …) that read the same row of something stored together, and their results back.</summary>
internal sealed class GatherMap : IDisposable
{
    private readonly Tensor _index; // (R · Q): which token
    private readonly Tensor _back; // (M): where it went
    private readonly int _width;

    /// <param name="rows">The stored row of each token; -1 for a token that reads none, whose results are garbage.</param>
    /// <param name="device">Where the tokens are.</param>
    internal GatherMap(IReadOnlyList<int> rows, Device device)
    {
        Rows = Math.Max(1, rows.Max() + 1);
        var count = new int[Rows];
        foreach (var row in rows) if (row >= 0) count[row]++;
        _width = Math.Max(1, count.Max());
        var (index, back) = (new long[Rows * _width], new long[rows.Count]);
        Array.Clear(count);
        for (var token = 0; token < rows.Count; token++)
        {
            if (rows[token] < 0) continue;
            back[token] = rows[token] * _width + count[rows[token]]++;
            index[back[token]] = token;
        }
        (_index, _back) = (tensor(index, device: device).DetachFromDisposeScope(), tensor(back, device: device).DetachFromDisposeScope());
    }

    /// <summary>Stored rows that are looked at, R.</summary>
    internal int Rows { get; }

    /// <summary>(M, H, X) → (R, Hkv, Q · H/Hkv, X)</summary>
    internal Tensor Gather(Tensor tokens, long keyHeads) =>
        tokens.index_select(0, _index).view(Rows, _width, keyHeads, -1, tokens.shape[2]).permute(0, 2, 1, 3, 4).reshape(Rows, keyHeads, -1, tokens.shape[2]);

    /// <summary>(R, Hkv, Q · H/Hkv, X) → (M, H, X)</summary>
    internal Tensor Back(Tensor gathered, long heads)
    {
        long keyHeads = gathered.shape[1], last = gathered.shape[3];
        return gathered.view(Rows, keyHeads, _width, -1, last).permute(0, 2, 1, 3, 4).reshape(Rows * _width, heads, last).index_select(0, _back);
    }

    public void Dispose()
    {
        _index.Dispose();
        _back.Dispose();
    }
}
