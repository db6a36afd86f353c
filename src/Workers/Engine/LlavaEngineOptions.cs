namespace Dpvr.Workers.Engine;

/// <summary>Where and how this worker computes.</summary>
public sealed class LlavaEngineOptions
{
    /// <summary><c>auto</c> (CUDA where there is one, else the CPU), <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>. Default: auto.</summary>
    public string Device { get; set; } = "auto";

    /// <summary><c>auto</c> (float32 on a CPU, bfloat16 on CUDA), <c>float32</c>, <c>bfloat16</c>, <c>float16</c> or <c>int8</c>. Default: auto.</summary>
    public string Dtype { get; set; } = "auto";

    /// <summary>CPU threads of the computation. Default: the number of cores.</summary>
    public int Threads { get; set; } = Environment.ProcessorCount;

    /// <summary>Folders that hold models' folders, for a job whose model lies elsewhere on this machine than where it was submitted. Default: none.</summary>
    public IReadOnlyList<string> ModelFolders { get; set; } = [];
}
