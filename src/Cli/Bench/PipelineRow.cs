namespace Dpvr.Cli.Bench;

/// <summary>One run of the engine alone and of the pipeline over the same pictures.</summary>
/// <param name="Images">Pictures that could be read.</param>
/// <param name="Requests">Pictures times prompts.</param>
/// <param name="Engine">From the first request to the last completion; pictures decoded and weights loaded before.</param>
/// <param name="Pipeline">From the launch of the job to its written output; weights loaded before. As many tokens, unless pictures repeat, which it computes once.</param>
/// <param name="Routing">How image tokens leave the deep layers.</param>
internal sealed record PipelineRow(int Images, int Requests, PipelineCost Engine, PipelineCost Pipeline, string Routing);

/// <summary>What a run gave and took.</summary>
/// <param name="Tokens">Tokens of the answers.</param>
/// <param name="Seconds">Time by the clock.</param>
/// <param name="CpuSeconds">Processor time of the whole process, all cores together.</param>
internal sealed record PipelineCost(long Tokens, double Seconds, double CpuSeconds)
{
    /// <summary>Begins to measure; the result says what was taken since, for a number of tokens.</summary>
    public static Func<long, PipelineCost> Begin()
    {
        var (begun, cpu) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        return tokens => new PipelineCost(tokens, TimeProvider.System.GetElapsedTime(begun).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }
}
