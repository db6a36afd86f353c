using System.Runtime.CompilerServices;
using Dpvr.Model.Runtime;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests;

internal static class TorchSetup
{
    [ModuleInitializer]
    internal static void Load()
    {
        LibTorch.EnsureLoaded();
        OneThread();
    }

    private static void OneThread() => set_num_threads(1); // tests run beside each other already
}
