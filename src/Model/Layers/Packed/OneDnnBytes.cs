using System.Runtime.InteropServices;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>oneDNN's products of bytes, by libtorch's stable C interface, as <see cref="OneDnn"/> has those of floats.</summary>
internal static unsafe class OneDnnBytes
{
    private static readonly delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint*, double, long, int*, byte*, double**, long, byte*, nint*, int> Product = Find();
    private static readonly byte* Prepack = Text("onednn::qlinear_prepack"), NoOverload = Text(""), None = Text("none");
    private static readonly int Single = (int)ScalarType.Float32;

    /// <summary>False where a libtorch from elsewhere lacks the function.</summary>
    internal static bool IsAvailable => OneDnn.IsAvailable && Product is not null;

    /// <summary>Signed bytes (out, in) in the layout of <see cref="Linear"/>.</summary>
    internal static Tensor Pack(Tensor weight)
    {
        var stack = stackalloc ulong[2] { (ulong)OneDnn.NewReference(weight), 0 }; // Tensor weight, int[]? x_shape = None
        OneDnn.Dispatch(Prepack, NoOverload, stack);
        GC.KeepAlive(weight);
        return Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    /// <summary>Unsigned bytes (M, in) · packed (out, in) × scales (out) + bias (out) → float32 (M, out).</summary>
    /// <param name="input">Bytes.</param>
    /// <param name="one">The number 1 (1), float32: the input's scale is applied by whoever quantised it, row by row.</param>
    /// <param name="zero">The number 0 (1), int32.</param>
    /// <param name="packed">From <see cref="Pack"/>.</param>
    /// <param name="scales">One for each output, float32.</param>
    /// <param name="zeros">Zeros (out), int32.</param>
    /// <param name="bias">Float32.</param>
    internal static Tensor Linear(Tensor input, Tensor one, Tensor zero, Tensor packed, Tensor scales, Tensor zeros, Tensor bias)
    {
        nint result, biasHandle = bias.Handle;
        var single = Single;
        OneDnn.Check(Product(input.Handle, one.Handle, zero.Handle, packed.Handle, scales.Handle, zeros.Handle, &biasHandle, 1, 0, &single, None, null, 0, None, &result));
        foreach (var tensor in (Tensor[])[input, one, zero, packed, scales, zeros, bias]) GC.KeepAlive(tensor);
        return Tensor.UnsafeCreateTensor(result);
    }

    private static byte* Text(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text); // for the process's life

    private static delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint*, double, long, int*, byte*, double**, long, byte*, nint*, int> Find()
    {
        LibTorch.EnsureLoaded();
        return NativeLibrary.TryGetExport(LibTorch.Cpu, "aoti_torch_cpu__qlinear_pointwise_tensor", out var address)
            ? (delegate* unmanaged<nint, nint, nint, nint, nint, nint, nint*, double, long, int*, byte*, double**, long, byte*, nint*, int>)address : null;
    }
}
