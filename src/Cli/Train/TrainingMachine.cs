using Dpvr.Model.Layers;
using Dpvr.Model.Runtime;
using static TorchSharp.torch;

namespace Dpvr.Cli.Train;

/// <summary>Where a training run computes.</summary>
/// <param name="Device">A libtorch device.</param>
/// <param name="Bfloat16">Matrix products in bfloat16, weights in float32.</param>
/// <param name="Threads">CPU threads.</param>
internal sealed record TrainingMachine(string Device, bool Bfloat16, int Threads)
{
    /// <summary>Loads libtorch and sets this process up for training.</summary>
    internal Placement Prepare()
    {
        LibTorch.EnsureLoaded();
        set_num_threads(Threads);
        if (Device.StartsWith("cuda", StringComparison.Ordinal) && !cuda.is_available())
            throw new UsageException($"--device: '{Device}' is not available: the libtorch in use finds no CUDA device; allowed: cpu.");
        return new Placement(device(Device), ScalarType.Float32, Bfloat16 ? ScalarType.BFloat16 : null);
    }
}
