using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Tests;
using Dpvr.Silo.Jobs;

namespace Dpvr.Silo.Tests.Jobs;

/// <summary>Two activations of one job over one store, as a stopped silo or a split cluster makes them (faults 9, 13, 28).</summary>
public sealed class JobStateTests : IDisposable
{
    private static readonly JobId s_job = new("job-1");
    private readonly TempFolder _folder = new();
    private readonly JobStore _store;

    public JobStateTests() => _store = new JobStore(new FileBlobStore(_folder.Path), JobLayout.Shared);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ChangeAsync_OfAStaleActivation_IsMadeOnWhatStandsAndSaysSo()
    {
        var (one, other) = (await StateAsync(), await StateAsync());
        await one.ChangeAsync(static c => c with { Weight = 3 });

        await other.ChangeAsync(static c => c with { Paused = true });

        other.Control.Should().Be(new JobControl { Weight = 3, Paused = true });
        (one.IsSuspect, other.IsSuspect).Should().Be((false, true), "who loses gives up");
        (await _store.ReadControlAsync(s_job)).Should().Be(other.Control);
    }

    [Fact]
    public async Task RefreshAsync_WhenAnotherChangedIt_ReadsItAgain()
    {
        var (one, other) = (await StateAsync(), await StateAsync());
        await one.ChangeAsync(static c => c with { Paused = true });
        await one.RefreshAsync(default);
        one.IsSuspect.Should().BeFalse("its own write is no surprise");

        await other.RefreshAsync(default);

        (other.Paused, other.IsSuspect).Should().Be((true, true));
    }

    [Fact]
    public async Task ChangeAsync_ByManyAtOnce_LosesNone()
    {
        var states = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StateAsync()));

        await Task.WhenAll(states.Select((state, i) => Task.Run(() => state.ChangeAsync(c => c with { Priority = (c.Priority ?? 0) + (1 << i) }))));

        (await _store.ReadControlAsync(s_job)).Priority.Should().Be(255);
    }

    [Fact]
    public async Task PauseForAsync_WhenSomebodyPausedIt_KeepsTheirPauseFree()
    {
        var state = await StateAsync();
        await state.ChangeAsync(static c => c with { Paused = true });

        await state.PauseForAsync(new ItemError(ErrorCodes.StoreUnavailable, "busy"));

        (await _store.ReadControlAsync(s_job)).Should().Be(new JobControl { Paused = true }, "else the outage's end would end the pause");
        state.Error!.Code.Should().Be(ErrorCodes.StoreUnavailable);
    }

    [Theory]
    [InlineData(JobStatus.Completed, JobStatus.Cancelled)]
    [InlineData(JobStatus.Cancelled, JobStatus.Completed)]
    public async Task DecideAsync_InEitherOrder_TheFirstStands(JobStatus first, JobStatus second)
    {
        var (one, other) = (await StateAsync(), await StateAsync());
        await one.DecideAsync(first);

        (await other.DecideAsync(second)).Status.Should().Be(first);

        other.IsSuspect.Should().BeTrue();
        (await StateAsync()).Decision!.Status.Should().Be(first);
    }

    [Fact]
    public async Task DecideAsync_AtTheSameMoment_GivesBothTheSameEnd()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var job = new JobId($"race-{seed}");
            await _store.CreateSpecAsync(job, Samples.Spec("nowhere"));
            using var one = new JobState(_store, job);
            using var other = new JobState(_store, job);
            using var go = new Barrier(2);
            async Task<JobStatus> Race(JobState state, JobStatus wanted)
            {
                go.SignalAndWait();
                var decision = await state.DecideAsync(wanted);
                await state.EndAsync(new JobEnd { Status = decision.Status, Requests = new Counts() });
                return state.End!.Status;
            }

            var ends = await Task.WhenAll(Task.Run(() => Race(one, JobStatus.Completed)), Task.Run(() => Race(other, JobStatus.Cancelled)));

            ends[0].Should().Be(ends[1]);
            (await _store.ReadEndAsync(job))!.Status.Should().Be(ends[0]);
            (await _store.ReadDecisionAsync(job))!.Status.Should().Be(ends[0]);
        }
    }

    private async Task<JobState> StateAsync()
    {
        await _store.CreateSpecAsync(s_job, Samples.Spec("nowhere"));
        var state = new JobState(_store, s_job);
        await state.LoadAsync(default);
        return state;
    }
}
