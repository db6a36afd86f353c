using Dpvr.TestKit.Processes;

namespace Dpvr.TestKit.Tests.Processes;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task EndAsync_Always_GivesCodeAndBothOutputs()
    {
        using var child = ChildProcess.Start("sh", ["-c", "echo $WORD; echo err >&2; exit 3"], new Dictionary<string, string?> { ["WORD"] = "out" });

        (await child.EndAsync()).Should().Be(new ProgramEnd(3, "out\n", "err\n"));
    }

    [Fact]
    public async Task WaitForLineAsync_WhenItComesOrNever_SaysSo()
    {
        using var child = ChildProcess.Start("sh", ["-c", "echo first; echo second"]);

        (await child.WaitForLineAsync(line => line == "second")).Should().BeTrue();
        (await child.WaitForLineAsync(line => line == "third")).Should().BeFalse();
    }

    [Fact]
    public async Task Dispose_WhenItHasChildren_EndsThemToo()
    {
        // The grandchild moves to a session of its own, as PostgreSQL's backends do.
        var child = ChildProcess.Start("sh", ["-c", "setsid sleep 1000 & echo $!; wait"]);
        await child.WaitForLineAsync(line => line.Length > 0);
        var below = Signals.Descendants(child.Id);

        child.Dispose();

        below.Should().NotBeEmpty();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (below.Any(IsLiving) && await timer.WaitForNextTickAsync()) { }
    }

    // A killed orphan may stay a zombie until its new parent looks.
    private static bool IsLiving(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }
}
