using Dpvr.Model.Checkpoints;
using Dpvr.Model.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Workers.Engine;

/// <summary>Turns the names that users give into a device and a dtype. Needs libtorch.</summary>
internal static class LlavaPlacement
{
    /// <exception cref="CheckpointException">There is no such device; the message says what there is.</exception>
    public static Placement Of(LlavaEngineOptions options)
    {
        var cuda = torch.cuda.is_available();
        var name = options.Device ?? (cuda ? "cuda:0" : "cpu");
        var device = name switch
        {
            "cpu" => CPU,
            "cuda" => Cuda(0),
            _ when name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out var index) => Cuda(index),
            _ => throw new CheckpointException($"--device: '{name}' is not allowed; allowed: cpu, cuda, cuda:N."),
        };
        var dtype = (options.Dtype ?? (device.type == DeviceType.CUDA ? "bfloat16" : "float32")) switch
        {
            "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            "float16" => ScalarType.Float16,
            var other => throw new CheckpointException($"--dtype: '{other}' is not allowed; allowed: float32, bfloat16, float16."),
        };
        return new Placement(device, dtype);

        Device Cuda(int index) => cuda && index < torch.cuda.device_count() ? new Device(DeviceType.CUDA, index) : throw new CheckpointException(
            $"--device: '{name}' is not there: {(cuda ? $"this machine has {torch.cuda.device_count()} CUDA devices" : "the libtorch in use finds no CUDA device (build with DPVR_TORCH_BACKEND=cuda, or name a CUDA libtorch in DPVR_LIBTORCH)")}.");
    }

    public static string NameOf(Device device) => device.type == DeviceType.CUDA ? $"cuda:{Math.Max(0, device.index)}" : "cpu";

    public static string NameOf(ScalarType dtype) => dtype switch
    {
        ScalarType.BFloat16 => "bfloat16",
        ScalarType.Float16 => "float16",
        _ => "float32",
    };
}
