using System.Runtime.Intrinsics;
using Dpvr.Model.Layers;

namespace Dpvr.Model.Engine;

/// <summary>
/// Many tokens of one sequence against its prefix, with the register tiles of <see cref="CausalTile"/>: the text behind an image, which
/// comes all at once, meets each of the image's keys and values a few times instead of once a token.
/// </summary>
internal static unsafe class PrefixTile<TNumbers>
    where TNumbers : struct, IStoredNumbers
{
    private const int Strip = 64, Wide = 8;

    internal static bool Serves(int dim) => Vector512.IsHardwareAccelerated && dim % Strip == 0;

    /// <summary>Floats of scratch memory.</summary>
    internal static long Scratch(int dim, int stride) => (long)dim * stride;

    /// <summary>queries (rows, Dh) · keys (count, Dh) → scores (rows, stride), and a few behind the count-th; rows is a multiple of the tile's.</summary>
    internal static void Scores(float* queries, int rows, int dim, byte* keys, int count, float* scores, int stride, float* scratch)
    {
        // Transposed, eight keys a turn: (Dh, stride)
        for (var j = 0; j < stride; j += Wide)
        {
            var present = Math.Min(Wide, count - j);
            for (var d = 0; d < dim; d++)
            {
                var place = scratch + (long)d * stride + j;
                for (var k = 0; k < Wide; k++) place[k] = k < present ? TNumbers.LoadOne(keys + ((long)(j + k) * dim + d) * TNumbers.Size) : 0;
            }
        }
        for (var row = 0; row < rows; row += CausalTile.Rows) CausalTile.Scores(queries + (long)row * dim, scratch, scores + (long)row * stride, dim, stride, count);
    }

    /// <summary>weights (rows, stride) · values (count, Dh) → output (rows, Dh)</summary>
    internal static void Values(float* output, int rows, int dim, byte* values, int count, float* weights, int stride, float* scratch)
    {
        var numbers = (float*)values;
        if (TNumbers.Size != sizeof(float))
        {
            numbers = scratch;
            for (var i = 0L; i < (long)count * dim; i += Wide) TNumbers.Load(values + i * TNumbers.Size).Store(scratch + i);
        }
        for (var row = 0; row < rows; row += CausalTile.Rows)
            for (var strip = 0; strip < dim; strip += Strip)
                CausalTile.Weigh(weights + (long)row * stride, numbers + strip, output + (long)row * dim + strip, dim, stride, count);
    }
}
