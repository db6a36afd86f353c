using System.Diagnostics;
using System.Text.Json;
using Dpvr.Model.Runtime;

namespace Dpvr.Cli.Tests.Bench;

/// <summary>benchmarks/gpu, packed and run as it is on a GPU machine, with a tiny shape on the CPU and the package's libtorch for PyTorch's.</summary>
[Trait("Category", "Slow")]
public sealed class GpuArchiveTests
{
    private const long MostBytes = 60_000_000;

    [Fact]
    public async Task RunSh_WithTheArchiveThatPackShMade_MeasuresAndReports()
    {
        foreach (var tool in (string[])["dotnet", "xz", "python3"])
            Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, tool))), $"{tool} is not installed");
        using var folder = new TempFolder();
        var archive = folder.Of("dpvr-gpu.tar.xz");

        var pack = await Bash("pack.sh", archive);
        pack.Code.Should().Be(0, pack.Text);
        new FileInfo(archive).Length.Should().BeInRange(1_000_000, MostBytes);

        var run = await Bash("run.sh", archive, "--dry-run", "--out", folder.Of("out"));
        run.Code.Should().Be(0, run.Text);
        var report = JsonDocument.Parse(File.ReadAllText(folder.Of("out", "report.json"))).RootElement;
        report.GetProperty("rows").EnumerateArray().Select(r => (r.GetProperty("batch").GetInt32(), r.GetProperty("who").GetString()))
            .Should().Contain([(1, "dpvr dense"), (1, "dpvr dpvr-lf"), (2, "dpvr dense"), (2, "dpvr dpvr-lf")]);
        report.GetProperty("ratios").GetProperty("dpvr dpvr-lf / dpvr dense").GetDouble().Should().BePositive();
        File.ReadAllText(folder.Of("out", "report.md")).Should().Contain("| 2 | dpvr dpvr-lf |");
    }

    [Fact]
    public async Task RunSh_WhenTheArchiveIsMissing_SaysWhatMakesOne()
    {
        var run = await Bash("run.sh");

        run.Code.Should().Be(2);
        run.Text.Should().Contain("benchmarks/gpu/pack.sh");
    }

    private static async Task<(int Code, string Text)> Bash(string script, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", [Path.Combine(Repository.Root, "benchmarks", "gpu", script), .. args])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["DPVR_LIBTORCH"] = LibTorch.EnsureLoaded(), ["OMP_NUM_THREADS"] = "1" },
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
