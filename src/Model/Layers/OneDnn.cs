using System.Runtime.InteropServices;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Layers;

/// <summary>
/// oneDNN's products with weights in its own layout. libtorch computes float32 products with MKL, which uses 256-bit vectors on
/// processors that are not Intel's: oneDNN is 2 to 4 times as fast on a Zen 5 (docs/benchmarks.md). Both functions belong to libtorch's
/// stable C interface, which its compiler's output calls; TorchSharp binds neither.
/// </summary>
internal static unsafe class OneDnn
{
    private static readonly delegate* unmanaged<nint, nint*, int> NewHandle;
    private static readonly delegate* unmanaged<byte*, byte*, ulong*, int> Call;
    private static readonly delegate* unmanaged<nint, nint, nint*, byte*, double**, long, byte**, nint*, int> LinearPointwise;
    private static readonly byte* Reorder, NoOverload, NoActivation;

    static OneDnn()
    {
        LibTorch.EnsureLoaded();
        nint newHandle = Find("aoti_torch_new_tensor_handle"), call = Find("aoti_torch_call_dispatcher"), linear = Find("aoti_torch_cpu__linear_pointwise");
        IsAvailable = newHandle != 0 && call != 0 && linear != 0;
        NewHandle = (delegate* unmanaged<nint, nint*, int>)newHandle;
        Call = (delegate* unmanaged<byte*, byte*, ulong*, int>)call;
        LinearPointwise = (delegate* unmanaged<nint, nint, nint*, byte*, double**, long, byte**, nint*, int>)linear;
        Reorder = Text("mkldnn::_reorder_linear_weight");
        NoOverload = Text("");
        NoActivation = Text("none");
    }

    /// <summary>False where a libtorch from elsewhere lacks the functions.</summary>
    internal static bool IsAvailable { get; }

    /// <summary>True where its products are faster than libtorch's own.</summary>
    internal static bool Serves(Placement placement) => IsAvailable && placement.Device.type == DeviceType.CPU && placement.Compute is null && placement.Dtype switch
    {
        ScalarType.Float32 => CpuFeatures.WideVectors,
        ScalarType.BFloat16 => CpuFeatures.Bfloat16,
        _ => false,
    };

    /// <summary>A copy of a weight (out, in) in the layout that its products like best; nothing but <see cref="Linear"/> can read it.</summary>
    internal static Tensor Pack(Tensor weight)
    {
        nint copy;
        Check(NewHandle(weight.Handle, &copy)); // the call takes the handle over
        var stack = stackalloc ulong[2] { (ulong)copy, 0 }; // Tensor self, int? batch_size = None
        Check(Call(Reorder, NoOverload, stack));
        GC.KeepAlive(weight);
        return Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    /// <summary>(…, in) → (…, out); the weight (out, in) plain or from <see cref="Pack"/>.</summary>
    internal static Tensor Linear(Tensor input, Tensor weight, Tensor? bias)
    {
        nint result, biasHandle = bias?.Handle ?? 0;
        Check(LinearPointwise(input.Handle, weight.Handle, bias is null ? null : &biasHandle, NoActivation, null, 0, null, &result));
        GC.KeepAlive(input);
        GC.KeepAlive(weight);
        GC.KeepAlive(bias);
        return Tensor.UnsafeCreateTensor(result);
    }

    private static nint Find(string name) => NativeLibrary.TryGetExport(LibTorch.Cpu, name, out var address) ? address : 0;

    private static byte* Text(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text); // for the process's life

    private static void Check(int code)
    {
        if (code != 0) throw new ExternalException("libtorch's oneDNN refused a product; its reason stands on the error output.");
    }
}
