using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Dpvr.Model.Runtime;

/// <summary>What TorchSharp keeps to itself about a tensor.</summary>
internal static unsafe class NativeTensor
{
    private static readonly delegate* unmanaged<nint, void**, int> GetDataPointer = Find();

    /// <summary>False where a libtorch from elsewhere lacks the function.</summary>
    internal static bool IsAvailable => GetDataPointer is not null;

    /// <summary>Address of the first element; valid while the tensor lives.</summary>
    internal static void* Data(Tensor tensor)
    {
        void* data;
        if (GetDataPointer(tensor.Handle, &data) != 0) throw new ExternalException("libtorch gave no address for a tensor.");
        GC.KeepAlive(tensor);
        return data;
    }

    private static delegate* unmanaged<nint, void**, int> Find()
    {
        LibTorch.EnsureLoaded();
        return NativeLibrary.TryGetExport(LibTorch.Cpu, "aoti_torch_get_data_ptr", out var address) ? (delegate* unmanaged<nint, void**, int>)address : null;
    }
}
