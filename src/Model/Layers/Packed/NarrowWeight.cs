using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// A small float32 weight (out, in) of a shape that oneDNN has no layout for, in panels of 32 outputs (in, 32). oneDNN would rearrange it at every product, which costs more than
/// the product of a few rows itself; here each panel is read from front to back. A row's sums do not depend on how many rows there are.
/// </summary>
internal sealed unsafe class NarrowWeight : IPackedWeight
{
    private const long MostInputs = 1024; // a panel stays in the processor's nearest caches
    private const long Shared = 1 << 20; // operations from which a second thread gains more than it costs to wake
    private readonly Tensor _panels; // (panels, in, 32)
    private readonly Tensor? _bias; // (out)
    private readonly int _outputs, _inputs;

    private NarrowWeight(Tensor panels, Tensor? bias, long outputs, long inputs) => (_panels, _bias, _outputs, _inputs) = (panels, bias, (int)outputs, (int)inputs);

    /// <summary>Null where it is not small, gives no whole panels, or the processor is not one for it. Takes the bias over.</summary>
    internal static NarrowWeight? Of(Tensor weight, Tensor? bias)
    {
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        if (weight.dtype != ScalarType.Float32 || inputs > MostInputs || outputs % NarrowTile.Columns != 0 || !CpuFeatures.WideVectors || !NativeTensor.IsAvailable) return null;
        using var scope = NewDisposeScope();
        var panels = weight.view(-1, NarrowTile.Columns, inputs).transpose(1, 2).contiguous();
        return new NarrowWeight(panels.DetachFromDisposeScope(), bias, outputs, inputs);
    }

    public long Bytes => _panels.numel() * _panels.element_size() + (_bias?.numel() * _bias?.element_size() ?? 0);

    public Tensor Apply(Tensor input, Tensor? residual)
    {
        using var scope = NewDisposeScope();
        Tensor rows = input.contiguous(), output = empty([.. input.shape[..^1], _outputs]);
        var added = residual?.contiguous();
        var count = (int)(rows.numel() / _inputs);
        nint x = (nint)NativeTensor.Data(rows), w = (nint)NativeTensor.Data(_panels), y = (nint)NativeTensor.Data(output);
        nint b = _bias is null ? 0 : (nint)NativeTensor.Data(_bias), r = added is null ? 0 : (nint)NativeTensor.Data(added);
        int tiles = (count + NarrowTile.Rows - 1) / NarrowTile.Rows, panels = (int)_panels.shape[0];
        // Panel by panel, so that a thread keeps one near while rows go by.
        CpuTeam.Ranges(tiles * panels, 2L * count * _inputs * _outputs < Shared, (first, end) =>
        {
            for (var unit = first; unit < end; unit++)
            {
                var (panel, row) = (unit / tiles, unit % tiles * NarrowTile.Rows);
                NarrowTile.Run((float*)x, (float*)w, (float*)b, (float*)r, (float*)y, row, count, panel, _inputs, _outputs);
            }
        });
        GC.KeepAlive(rows);
        GC.KeepAlive(added);
        GC.KeepAlive(this);
        return output.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _panels.Dispose();
        _bias?.Dispose();
    }
}
