namespace Dpvr.Model.Engine.Benchmark;

/// <summary>What a benchmark asks of the engine.</summary>
public sealed record BenchmarkLoad
{
    /// <summary>Routings to compare. Default: dense and dpvr-lf.</summary>
    public IReadOnlyList<string> Routings { get; init; } = ["dense", "dpvr-lf"];

    /// <summary>Batch sizes to compare. Default: 1, 8, 32.</summary>
    public IReadOnlyList<int> Batches { get; init; } = [1, 8, 32];

    /// <summary>Images of each run; at least as many as fill the batch. Default: 8.</summary>
    public int Images { get; init; } = 8;

    /// <summary>Questions about each image. Default: 1.</summary>
    public int Questions { get; init; } = 1;

    /// <summary>Text tokens of a prompt, half of them before the image. Default: 40.</summary>
    public int TextTokens { get; init; } = 40;

    /// <summary>True lets all prompts begin with the same text before their image, as with a system prompt. Default: false.</summary>
    public bool SharedStart { get; init; }

    /// <summary>New tokens of a sequence; nothing ends earlier. Default: 64.</summary>
    public int NewTokens { get; init; } = 64;

    /// <summary>See <see cref="EngineOptions.PrefillTokens"/>. Default: the engine's.</summary>
    public int PrefillTokens { get; init; } = new EngineOptions().PrefillTokens;

    /// <summary>Layer at which vision tokens leave; a bit more than half way up, as in the paper (18 of 32), when left out.</summary>
    public int? Saturation { get; init; }
}
