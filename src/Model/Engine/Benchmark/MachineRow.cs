namespace Dpvr.Model.Engine.Benchmark;

/// <summary>What a machine can do at most, to hold other figures against.</summary>
public sealed record MachineRow
{
    /// <summary>The processor's name as the system gives it.</summary>
    public required string Processor { get; init; }

    public required int Cores { get; init; }

    public required int Threads { get; init; }

    /// <summary><c>cpu</c> or <c>cuda:N</c>: where the rest was measured.</summary>
    public required string Device { get; init; }

    /// <summary>10⁹ operations a second of libtorch's float32 matrix products (a multiply and an add are two).</summary>
    public required double SingleGflops { get; init; }

    /// <summary>The same, with the second matrix in the layout that an engine packs its weights in: the rate that its own products can reach. What libtorch does where nothing is packed.</summary>
    public required double PackedGflops { get; init; }

    /// <summary>10⁹ operations a second of libtorch's bfloat16 matrix products.</summary>
    public required double HalfGflops { get; init; }

    /// <summary>10⁹ bytes a second read from memory by a sum over far more than the caches hold.</summary>
    public required double ReadGigabytesPerSecond { get; init; }
}
