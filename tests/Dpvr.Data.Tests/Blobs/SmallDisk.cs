using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Dpvr.Data.Tests.Blobs;

/// <summary>A file system in memory that is soon full.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    public string Path => _folder.Path;

    public static SmallDisk? TryMount(int bytes)
    {
        var disk = new SmallDisk();
        if (OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={bytes}", "dpvr-test", disk.Path)) return disk;
        disk._folder.Dispose();
        return null;
    }

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path).Should().BeTrue();

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _folder.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "no mount program is the same as no right to mount")]
    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Exception)
        {
            return false;
        }
    }
}
