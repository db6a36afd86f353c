namespace Dpvr.Workers.Engine;

/// <summary>Seconds that an engine computed, by phase; no second is in two of them.</summary>
/// <param name="Vision">In the vision tower.</param>
/// <param name="Prefill">With prompts in the decoder.</param>
/// <param name="Decode">In decode steps.</param>
public readonly record struct EngineTimes(double Vision, double Prefill, double Decode)
{
    internal static EngineTimes Of(EngineLoad load) => new(load.VisionSeconds, Math.Max(0, load.PrefillSeconds - load.VisionSeconds), load.DecodeSeconds);

    /// <summary>Both together.</summary>
    public static EngineTimes operator +(EngineTimes one, EngineTimes other) => new(one.Vision + other.Vision, one.Prefill + other.Prefill, one.Decode + other.Decode);
}
