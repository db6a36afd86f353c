using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Faults;

/// <summary>One of the 30 faults of docs/reliability.md.</summary>
internal abstract class Fault
{
    /// <summary>Its number there.</summary>
    public abstract int Number { get; }

    /// <summary>What happens, and what must hold.</summary>
    public abstract string Words { get; }

    /// <summary>Why it is not tried here; null when it is.</summary>
    public virtual string? NotHere => null;

    /// <summary>True: takes a minute or needs much of the machine, so it is tried with the slow tests only.</summary>
    public virtual bool IsSlow => false;

    /// <summary>Does it, and checks.</summary>
    public abstract Task RunAsync(ChaosRun run);

    public override string ToString() => $"fault {Number}: {Words}";
}
