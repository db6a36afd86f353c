namespace Dpvr.Workers.Engine;

/// <summary>Where and how this worker computes.</summary>
public sealed class LlavaEngineOptions
{
    /// <summary><c>cpu</c>, <c>cuda</c>, <c>cuda:N</c>, or null: CUDA where there is one, else the CPU. Default: null.</summary>
    public string? Device { get; set; }

    /// <summary><c>float32</c>, <c>bfloat16</c>, <c>float16</c>, or null: float32 on a CPU, bfloat16 on CUDA. Default: null.</summary>
    public string? Dtype { get; set; }

    /// <summary>CPU threads of the computation. Default: the number of cores.</summary>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Most sequences that are computed together when a job leaves the choice to the engine. Default: 32.</summary>
    public int AutoSlots { get; set; } = 32;

    /// <summary>Share of the free memory that an engine of automatic size may take for keys and values. Default: 0.5.</summary>
    public double AutoMemoryShare { get; set; } = 0.5;
}
