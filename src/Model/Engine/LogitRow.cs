namespace Dpvr.Model.Engine;

/// <summary>What the sampler asks of a row of logits.</summary>
/// <param name="Best">The most likely token; the first of equals.</param>
/// <param name="Largest">Its logit.</param>
/// <param name="LogSum">Logarithm of the sum of e^(logit − largest): what a logit less <paramref name="Largest"/> is above its log-probability.</param>
/// <param name="Finite">False as soon as one logit is not.</param>
internal readonly record struct LogitRow(int Best, float Largest, float LogSum, bool Finite);
