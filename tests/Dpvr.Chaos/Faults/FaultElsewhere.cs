using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

/// <summary>A fault that real processes cannot be put to here, with the reason and the place where it is tried.</summary>
internal sealed class FaultElsewhere(int number, string words, string reason) : Fault
{
    public override int Number => number;

    public override string Words => words;

    public override string? NotHere => reason;

    public override Task RunAsync(ChaosRun run) => throw new InvalidOperationException(reason);
}
