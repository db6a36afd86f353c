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
    private static readonly delegate* unmanaged<nint, nint, nint, nint*, byte*, nint*, int> LinearBinary;
    private const int Blocks = 64; // what its layouts are cut into

    private static readonly Dictionary<(long Outputs, long Inputs, ScalarType Dtype), bool> Checked = [];
    private static readonly byte* Reorder, NoOverload, NoActivation, Add;

    static OneDnn()
    {
        LibTorch.EnsureLoaded();
        nint newHandle = Find("aoti_torch_new_tensor_handle"), call = Find("aoti_torch_call_dispatcher");
        nint linear = Find("aoti_torch_cpu__linear_pointwise"), binary = Find("aoti_torch_cpu__linear_pointwise_binary");
        IsAvailable = newHandle != 0 && call != 0 && linear != 0 && binary != 0;
        NewHandle = (delegate* unmanaged<nint, nint*, int>)newHandle;
        Call = (delegate* unmanaged<byte*, byte*, ulong*, int>)call;
        LinearPointwise = (delegate* unmanaged<nint, nint, nint*, byte*, double**, long, byte**, nint*, int>)linear;
        LinearBinary = (delegate* unmanaged<nint, nint, nint, nint*, byte*, nint*, int>)binary;
        Reorder = Text("mkldnn::_reorder_linear_weight");
        NoOverload = Text("");
        NoActivation = Text("none");
        Add = Text("add");
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

    /// <summary>
    /// A copy of a weight (out, in) in the layout that its products like best, which nothing but <see cref="Linear"/> can read; null where a
    /// layout that fits some numbers of rows does not fit others. libtorch does not check that: 80 rows of 48 come out wrong.
    /// </summary>
    internal static Tensor? Pack(Tensor weight)
    {
        if (weight.shape[0] % Blocks != 0 || weight.shape[1] % Blocks != 0) return null;
        using var scope = NewDisposeScope();
        var packed = Reordered(weight);
        var kind = (weight.shape[0], weight.shape[1], weight.dtype);
        lock (Checked)
        {
            if (!Checked.TryGetValue(kind, out var isRight)) Checked[kind] = isRight = IsRight(weight, packed);
            return isRight ? packed.MoveToOuterDisposeScope() : null;
        }
    }

    /// <summary>Compares products with those of the plain weight, few rows and many.</summary>
    private static bool IsRight(Tensor weight, Tensor packed)
    {
        foreach (var rows in (int[])[1, 3, 8, 20, 33, 130, 600])
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)rows);
            var input = rand([rows, weight.shape[1]], generator: generator).to(weight.dtype);
            var residual = zeros([rows, weight.shape[0]], dtype: weight.dtype);
            var want = Linear(input, weight, null).to(ScalarType.Float32);
            var most = (weight.dtype == ScalarType.Float32 ? 1e-4 : 2e-2) * want.abs().max().ToDouble();
            foreach (var got in (Tensor[])[Linear(input, packed, null), LinearOnto(residual, input, packed)])
                if (!((got.to(ScalarType.Float32) - want).abs().max().ToDouble() <= most)) return false;
        }
        return true;
    }

    private static Tensor Reordered(Tensor weight)
    {
        var stack = stackalloc ulong[2] { (ulong)NewReference(weight), 0 }; // Tensor self, int? batch_size = None
        Dispatch(Reorder, NoOverload, stack);
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

    /// <summary>The same product added to <paramref name="residual"/> (…, out).</summary>
    internal static Tensor LinearOnto(Tensor residual, Tensor input, Tensor weight)
    {
        nint result;
        Check(LinearBinary(input.Handle, residual.Handle, weight.Handle, null, Add, &result));
        GC.KeepAlive(input);
        GC.KeepAlive(residual);
        GC.KeepAlive(weight);
        return Tensor.UnsafeCreateTensor(result);
    }

    private static nint Find(string name) => NativeLibrary.TryGetExport(LibTorch.Cpu, name, out var address) ? address : 0;

    private static byte* Text(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text); // for the process's life

    /// <summary>Another handle to a tensor, which <see cref="Dispatch"/> takes over.</summary>
    internal static nint NewReference(Tensor tensor)
    {
        nint copy;
        Check(NewHandle(tensor.Handle, &copy));
        return copy;
    }

    /// <summary>Calls an operator by its name; arguments and then results stand on the stack.</summary>
    internal static void Dispatch(byte* name, byte* overload, ulong* stack) => Check(Call(name, overload, stack));

    internal static void Check(int code)
    {
        if (code != 0) throw new ExternalException("libtorch's oneDNN refused a product; its reason stands on the error output.");
    }
}
