using Dpvr.Cli.Web;
using Dpvr.Contracts.Shards;
using Dpvr.Dashboard.Jobs;

namespace Dpvr.Dashboard.Tests.Web;

public sealed class ShardMapperTests
{
    private static readonly ShardFact Whole = new(1, false, 16, 0, 1);

    [Fact]
    public void Cell_WhenNobodyHadIt_Waits() => State([], []).Should().Be(ShardState.Waiting);

    [Fact]
    public void Cell_WhenAnAttemptIsOpen_Runs() => State([], [Attempt(1, AttemptOutcome.Open)]).Should().Be(ShardState.Running);

    [Fact]
    public void Cell_WhenItWasGivenBack_Waits() => State([], [Attempt(1, AttemptOutcome.Released)]).Should().Be(ShardState.Waiting);

    [Fact]
    public void Cell_AfterAnAttemptThatExpired_IsRetried() => State([], [Attempt(1, AttemptOutcome.Expired), Attempt(2, AttemptOutcome.Open)]).Should().Be(ShardState.Retrying);

    [Fact]
    public void Cell_WhenItIsCommitted_IsDone() => State([Whole], []).Should().Be(ShardState.Done);

    [Fact]
    public void Cell_WhenItemsFailed_SaysSo() => State([Whole with { Failed = 2 }], []).Should().Be(ShardState.DoneWithFailures);

    [Fact]
    public void Cell_WhenOnlySomePartsAreCommitted_IsRetried() => State([Whole with { IsSplit = true, Images = 0 }, Whole with { Images = 8 }], []).Should().Be(ShardState.Retrying);

    [Fact]
    public void Cell_WhenAllPartsAreCommitted_IsDone() => State([Whole with { IsSplit = true, Images = 0 }, Whole with { Images = 8 }, Whole with { Images = 8 }], []).Should().Be(ShardState.Done);

    [Fact]
    public void Cell_WhenTheCoordinatorGaveUp_IsPoisoned() => State([Whole with { Failed = 16, Attempt = 4 }], [Attempt(4, AttemptOutcome.GaveUp)]).Should().Be(ShardState.Poisoned);

    private static ShardState State(IReadOnlyList<ShardFact> facts, IReadOnlyList<AttemptRecord> attempts) => ShardMapper.Cell(0, 16, facts, attempts).State;

    private static AttemptRecord Attempt(int number, AttemptOutcome outcome) => new() { Shard = new ShardId(0), Attempt = number, Token = "t", Worker = "w", Outcome = outcome };
}
