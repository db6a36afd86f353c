using Dpvr.Model.Language;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Golden;

/// <summary>Puts what the decoder computes (vision tokens first, then text) into the reference's order: padded rows in reading order.</summary>
internal sealed class ReferenceOrder
{
    private readonly List<(int Row, int Source, int Target)> _image = [], _text = [];
    private readonly int _rows, _width;

    /// <param name="batch">Where our tokens stand.</param>
    /// <param name="mask">The reference's attention mask (B, T).</param>
    internal ReferenceOrder(PromptBatch batch, Tensor mask)
    {
        (_rows, _width) = ((int)mask.shape[0], (int)mask.shape[1]);
        for (var r = 0; r < _rows; r++)
        {
            var real = Enumerable.Range(0, _width).Where(t => mask[r, t].item<long>() == 1).ToArray();
            real.Should().HaveCount(batch.Lengths[r]);
            Add(_image, batch.ImagePositions, batch.ImageValid, r, real);
            Add(_text, batch.TextPositions, batch.TextValid, r, real);
        }
    }

    /// <summary>Vision tokens (B, I, D) and text tokens (B, T, D), either may be missing → (B, T, D), zero where nothing was given.</summary>
    internal Tensor Place(Tensor? image, Tensor? text)
    {
        var all = zeros([_rows, _width, (image ?? text)!.shape[2]]);
        if (image is not null) foreach (var (row, source, target) in _image) all[row, target] = image[row, source];
        if (text is not null) foreach (var (row, source, target) in _text) all[row, target] = text[row, source];
        return all;
    }

    /// <summary>Vision, then text tokens (B, I + T, D) → (B, T, D)</summary>
    internal Tensor PlaceJoint(Tensor joint, long images) =>
        Place(images == 0 ? null : joint.narrow(1, 0, images), joint.narrow(1, images, joint.shape[1] - images));

    /// <summary>Row 0's attention (H, I + T, I + T) → (H, T, T) in the reference's order.</summary>
    internal Tensor Attention(Tensor probabilities, long images)
    {
        var source = new long[_width];
        foreach (var (row, from, to) in _image) if (row == 0) source[to] = from;
        foreach (var (row, from, to) in _text) if (row == 0) source[to] = images + from;
        var index = tensor(source);
        return probabilities.index_select(1, index).index_select(2, index);
    }

    /// <summary>Reading-order places of a row's vision tokens, as the decoder orders its tokens, and of the text after them.</summary>
    internal (long[] Image, long[] TextAfter) Sources(int row, long images)
    {
        var last = _image.Where(i => i.Row == row).Select(i => i.Target).DefaultIfEmpty(int.MaxValue).Max();
        return ([.. _image.Where(i => i.Row == row).Select(i => (long)i.Source)],
            [.. _text.Where(t => t.Row == row && t.Target > last).Select(t => images + t.Source)]);
    }

    private static void Add(List<(int, int, int)> map, Tensor? positions, Tensor? valid, int row, int[] real)
    {
        for (var i = 0; i < (positions?.shape[1] ?? 0); i++)
            if (valid![row, i].item<bool>()) map.Add((row, i, real[positions![row, i].item<long>()]));
    }
}
