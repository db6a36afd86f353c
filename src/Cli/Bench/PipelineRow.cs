namespace Dpvr.Cli.Bench;

/// <summary>One run of the engine alone and of the pipeline over the same pictures.</summary>
/// <param name="Images">Pictures that could be read.</param>
/// <param name="Requests">Pictures times prompts.</param>
/// <param name="EngineTokens">Tokens made by the engine alone.</param>
/// <param name="PipelineTokens">Tokens of the committed answers: as many, unless pictures repeat, which the pipeline computes once.</param>
/// <param name="EngineSeconds">From the first request to the last completion; pictures decoded and weights loaded before.</param>
/// <param name="PipelineSeconds">From the launch of the job to its written output; weights loaded before.</param>
internal sealed record PipelineRow(int Images, int Requests, long EngineTokens, long PipelineTokens, double EngineSeconds, double PipelineSeconds, string Routing);
