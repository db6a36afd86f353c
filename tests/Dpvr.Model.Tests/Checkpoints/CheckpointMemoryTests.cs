using System.Globalization;
using Dpvr.Model.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Checkpoints;

/// <summary>Runs after everything else, alone: it measures the memory of the whole process.</summary>
[CollectionDefinition(nameof(CheckpointMemoryTests), DisableParallelization = true)]
[Collection(nameof(CheckpointMemoryTests))]
[Trait("Category", "Slow")]
public sealed class CheckpointMemoryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Anonymous memory only: the mapped file is page cache, which the kernel takes back at will.</summary>
    [Theory]
    [InlineData(ScalarType.BFloat16)] // stored as computed
    [InlineData(ScalarType.Float32)] // converted on the way
    public void CopyInto_OfACheckpointOf400MB_NeverHoldsASecondCopy(ScalarType computed)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc/self/status");
        const int Count = 2; // few and large, so that a copy of one of them alone is beyond the limit
        const long Rows = 24576, Columns = 4096; // 192 MiB each as BF16
        var path = _folder.Of("model.safetensors");
        using (var scope = NewDisposeScope())
        {
            var weight = ones([Rows, Columns], ScalarType.BFloat16);
            SafetensorsWriter.Write(path, Enumerable.Range(0, Count).Select(i => ($"w{i}", weight)));
        }

        var before = AnonymousBytes();
        var weights = Count * Rows * Columns * (computed == ScalarType.Float32 ? 4 : 2);
        long peak;
        using (var scope = NewDisposeScope())
        using (var watch = new Watch())
        {
            using var file = SafetensorsFile.Open(path);
            var fused = empty([Count * Rows, Columns], computed);
            for (var i = 0; i < Count; i++) file.CopyInto($"w{i}", fused.narrow(0, i * Rows, Rows));
            fused[Count * Rows - 1, Columns - 1].to(ScalarType.Float32).item<float>().Should().Be(1);
            peak = watch.Stop() - before;
        }

        ((double)peak / weights).Should().BeInRange(0.95, 1.15, "1 is the weights themselves, and below that nothing was measured");
    }

    private static long AnonymousBytes()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
            if (line.StartsWith("RssAnon:", StringComparison.Ordinal))
                return long.Parse(line["RssAnon:".Length..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture) * 1024;
        throw new InvalidOperationException("RssAnon is not in /proc/self/status.");
    }

    /// <summary>Follows the process's anonymous memory from a thread of its own: a copy that lives for one tensor is seen too.</summary>
    private sealed class Watch : IDisposable
    {
        private readonly Thread _thread;
        private readonly ManualResetEventSlim _stop = new();
        private long _peak;

        internal Watch()
        {
            _thread = new Thread(() =>
            {
                do _peak = Math.Max(_peak, AnonymousBytes());
                while (!_stop.Wait(1));
                _peak = Math.Max(_peak, AnonymousBytes());
            }) { IsBackground = true };
            _thread.Start();
        }

        internal long Stop()
        {
            _stop.Set();
            _thread.Join();
            return _peak;
        }

        public void Dispose()
        {
            Stop();
            _stop.Dispose();
        }
    }

    public void Dispose() => _folder.Dispose();
}
