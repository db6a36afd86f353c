namespace Dpvr.Cli.Web;

/// <summary>What is remembered of a completion marker.</summary>
/// <param name="Attempt">The attempt that counts.</param>
/// <param name="IsSplit">It has parts instead of data.</param>
/// <param name="Images">Its pictures.</param>
/// <param name="Failed">Requests of it that failed.</param>
/// <param name="EngineSeconds">Accelerator-seconds.</param>
internal readonly record struct ShardFact(int Attempt, bool IsSplit, int Images, long Failed, double EngineSeconds);
