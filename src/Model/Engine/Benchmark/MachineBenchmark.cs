using System.Diagnostics;
using Dpvr.Model.Layers;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Engine.Benchmark;

/// <summary>Measures matrix products and memory, so that figures of different days and machines can be told apart.</summary>
public static class MachineBenchmark
{
    /// <param name="device">Where to measure.</param>
    /// <param name="seconds">About how long each of the four may take.</param>
    public static MachineRow Run(Device device, double seconds = 1)
    {
        LibTorch.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var mode = inference_mode();
        var isCpu = device.type == DeviceType.CPU;
        var bytes = isCpu ? 1L << 28 : 1L << 32;
        return new MachineRow
        {
            Processor = ProcessorName(),
            Cores = Environment.ProcessorCount,
            Threads = get_num_threads(),
            Device = device.ToString(),
            SingleGflops = Products(device, isCpu ? 2048 : 8192, ScalarType.Float32, seconds),
            PackedGflops = PackedProducts(device, isCpu ? 2048 : 8192, seconds),
            // Processors without bfloat16 units are 10 times slower at it: a smaller product keeps to the time.
            HalfGflops = Products(device, isCpu ? 1024 : 8192, ScalarType.BFloat16, seconds),
            ReadGigabytesPerSecond = Reads(device, bytes, seconds),
        };
    }

    private static double Products(Device device, long size, ScalarType dtype, double seconds)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (rand(size, size, dtype: dtype, device: device), rand(size, size, dtype: dtype, device: device));
        return 2.0 * size * size * size * PerSecond(() => a.mm(b), seconds) / 1e9;
    }

    private static double PackedProducts(Device device, long size, double seconds)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (rand(size, size, device: device), rand(size, size, device: device));
        if (PackedWeight.Of(b, bias: null, cut: 0, new Placement(device, ScalarType.Float32, Packed: true)) is not [var packed]) return Products(device, size, ScalarType.Float32, seconds);
        using (packed) return 2.0 * size * size * size * PerSecond(() => packed.Apply(a, residual: null), seconds) / 1e9;
    }

    private static double Reads(Device device, long bytes, double seconds)
    {
        using var scope = NewDisposeScope();
        var numbers = rand(bytes / 4, device: device);
        return bytes * PerSecond(() => numbers.sum(), seconds) / 1e9;
    }

    /// <summary>The best of several rounds: what else runs on the machine only ever slows down.</summary>
    private static double PerSecond(Func<Tensor> work, double seconds)
    {
        double best = 0, first = Round(work, 1); // the first call sets things up
        var calls = Math.Max(1, (int)(seconds / 8 * Math.Max(first, Round(work, 1))));
        var watch = Stopwatch.StartNew();
        do best = Math.Max(best, Round(work, calls));
        while (watch.Elapsed.TotalSeconds < seconds);
        return best;
    }

    private static double Round(Func<Tensor> work, int calls)
    {
        using var scope = NewDisposeScope();
        var watch = Stopwatch.StartNew();
        for (var i = 1; i < calls; i++) work().Dispose();
        work().view(-1)[0].to(ScalarType.Float32).ToSingle(); // a device is done when a value is read
        return calls / watch.Elapsed.TotalSeconds;
    }

    private static string ProcessorName()
    {
        const string info = "/proc/cpuinfo";
        if (!File.Exists(info)) return "unknown";
        var line = File.ReadLines(info).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal));
        return line is null ? "unknown" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
