using System.Globalization;
using Dpvr.Chaos.Harness;

namespace Dpvr.Chaos.Soak;

/// <summary>What a soak came to.</summary>
internal sealed class SoakTally
{
    private readonly long _begun = TimeProvider.System.GetTimestamp();
    private readonly List<double> _workers = [], _silos = [];
    private int _killedSilos, _killedWorkers, _rework;
    private long _stale, _pictures;

    public int Kills => _killedSilos + _killedWorkers;

    public int Jobs { get; private set; }

    public void OnKill(ChaosMember victim) => _ = victim.IsSilo ? _killedSilos++ : _killedWorkers++;

    public void OnRecovery(ChaosMember victim, TimeSpan time)
    {
        lock (_workers) (victim.IsSilo ? _silos : _workers).Add(time.TotalSeconds);
    }

    public void OnJob(JobVerdict verdict)
    {
        Jobs++;
        _rework += verdict.Rework;
        _stale += verdict.Progress.StaleCommits;
        _pictures += verdict.Progress.Images;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kills} kills ({_killedWorkers} of workers, {_killedSilos} of silos) in {Jobs} jobs of {_pictures} pictures, {TimeProvider.System.GetElapsedTime(_begun).TotalSeconds:0} s; 0 lost, 0 doubled, 0 partial; recovery in s, median/max: workers {Of(_workers)}, silos {Of(_silos)}; {(Kills == 0 ? _rework : (double)_rework / Kills):0.##} shards done again{(Kills == 0 ? "" : " for each kill")}; {_stale} stale writes refused");

    private static string Of(List<double> times) => times.Count == 0 ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{times.Order().ElementAt(times.Count / 2):0.0}/{times.Max():0.0} ({times.Count(static t => t > 30)} of {times.Count} above 30)");
}
