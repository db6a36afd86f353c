using Dpvr.Model.Layers;
using static TorchSharp.torch;

namespace Dpvr.Model.Language;

/// <summary>
/// A batch of tokens of one kind. Where a token stands in its sequence is said by its position alone, so vision and text
/// tokens can be kept apart, or side by side, in any order.
/// </summary>
/// <param name="Hidden">Hidden states (B, T, D).</param>
/// <param name="Positions">Position in the row's whole sequence (B, T), int64.</param>
/// <param name="Valid">False at padding (B, T), bool.</param>
/// <param name="Branch">
/// Which of several continuations of the row a token belongs to (B, T), int64; 0 is what all of them share. Null when rows have one.
/// </param>
internal sealed record TokenBlock(Tensor Hidden, Tensor Positions, Tensor Valid, Tensor? Branch = null)
{
    internal long Length => Hidden.shape[1];

    /// <summary>One token of every row of (B, T, …): index (B) → (B, 1, …).</summary>
    internal static Tensor Pick(Tensor tokens, Tensor index)
    {
        var rows = Scalars.Range(index.shape[0], index.device);
        return tokens.index(rows, index).unsqueeze(1);
    }

    /// <summary>
    /// Additive causal mask (B, 1, Q, K): a query sees valid keys at its own position or before. With branches (B, T) of the same
    /// tokens, it sees only keys of its own branch and those that all share.
    /// </summary>
    internal static Tensor Mask(Tensor queryPositions, Tensor queryValid, Tensor keyPositions, Tensor keyValid, ScalarType dtype, Tensor? branch = null)
    {
        var seen = keyPositions.unsqueeze(1).le(queryPositions.unsqueeze(2)).logical_and(keyValid.unsqueeze(1)); // (B, Q, K)
        if (branch is not null)
            seen = seen.logical_and(branch.unsqueeze(1).eq(branch.unsqueeze(2)).logical_or(branch.eq(Scalars.Zero).unsqueeze(1)));
        // A padded query may see nothing at all, and softmax over nothing is NaN: let it see everything, its output is never read.
        seen = seen.logical_or(queryValid.logical_not().unsqueeze(2));
        return zeros(seen.shape, dtype: dtype, device: seen.device).masked_fill(seen.logical_not(), Scalars.NegativeInfinity).unsqueeze(1);
    }
}
