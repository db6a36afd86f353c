using System.Diagnostics;
using Dpvr.TestKit.Processes;

namespace Dpvr.Monitoring.Tests.Deploy;

/// <summary>Prometheus' own checker.</summary>
internal static class Promtool
{
    private static readonly string? s_program = Programs.Find("promtool", "/usr/bin", "/usr/local/bin");

    public static string? Missing => s_program is null ? "promtool is not installed (Debian: apt-get install prometheus)" : null;

    /// <summary>Runs it in a folder and asserts that it finds nothing wrong.</summary>
    public static async Task RunAsync(string folder, params string[] arguments)
    {
        using var promtool = ChildProcess.Start(s_program!, arguments, folder: folder);
        var end = await promtool.EndAsync();
        end.Code.Should().Be(0, end.Out + end.Error);
    }

    /// <summary>Asserts that a host's text keeps the conventions: it says nothing about what does.</summary>
    public static async Task CheckMetricsAsync(string text)
    {
        using var promtool = Process.Start(new ProcessStartInfo(s_program!, ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (output, error) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        (promtool.ExitCode, (await output).Trim(), (await error).Trim()).Should().Be((0, "", ""));
    }
}
