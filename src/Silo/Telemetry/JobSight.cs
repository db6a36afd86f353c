using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Telemetry;

/// <summary>A job as a scrape sees it.</summary>
/// <param name="Job">Its numbers.</param>
/// <param name="Waiting">Shards that wait to be given out.</param>
/// <param name="Unserved">How long they have waited since the last was given out.</param>
/// <param name="Rate">Pictures a second over the last two minutes.</param>
/// <param name="Eta">Seconds to its end at that rate; null while nothing moves.</param>
internal sealed record JobSight(JobProgress Job, long Waiting, TimeSpan Unserved, double Rate, double? Eta);
