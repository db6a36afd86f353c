using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Tests.Terminal;

public sealed class InterruptsTests
{
    [Fact]
    public async Task Signal_TheFirst_DrainsAndTheSecondEndsAtOnce()
    {
        List<int> exits = [];
        using var interrupts = Interrupts.Listen(exits.Add);
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        interrupts.Drain.Register(drained.SetResult);

        interrupts.Signal();
        await drained.Task;
        exits.Should().BeEmpty();
        interrupts.Signal();

        exits.Should().Equal(130);
    }

    [Fact]
    public void Signal_WhenTheCommandEndsAtThatMoment_IsNoFault()
    {
        var interrupts = Interrupts.Listen(static _ => { });
        interrupts.Dispose();

        interrupts.BeginDrain(); // an exception here would end the process
    }
}
