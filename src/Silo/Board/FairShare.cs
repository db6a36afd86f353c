using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Board;

/// <summary>
/// Strictly by priority; within one, stride scheduling: who has used the least accelerator time for its weight is next. What is leased but not yet reported is charged
/// at the job's usual cost, corrected later.
/// </summary>
internal sealed class FairShare
{
    private const double Smoothing = 0.2;
    private readonly Dictionary<JobId, Share> _shares = [];

    public IReadOnlyCollection<JobId> Jobs => _shares.Keys;

    /// <summary>Puts a job on the board, or changes what it may have.</summary>
    public void Set(JobShare share)
    {
        var weight = share.Weight > 0 ? share.Weight : 1;
        if (!_shares.TryGetValue(share.Job, out var known))
        {
            // A newcomer starts level with the least served, not at zero: else it would have the machine to itself for as long as the others have run.
            var level = _shares.Count == 0 ? 0 : _shares.Values.Min(static s => s.Used / s.Weight);
            _shares.Add(share.Job, known = new Share { Weight = weight, Used = level * weight });
        }
        // Its place among the others stays where it was: a new weight counts from now on, not for what is past.
        known.Used *= weight / known.Weight;
        (known.Weight, known.Priority, known.Paused, known.Engine) = (weight, share.Priority, share.Paused, share.Engine);
    }

    public void Remove(JobId job) => _shares.Remove(job);

    public void Leased(JobId job)
    {
        if (!_shares.TryGetValue(job, out var share)) return;
        share.Open++;
        share.Used += share.Cost;
    }

    public void Charge(JobId job, double engineSeconds)
    {
        if (!_shares.TryGetValue(job, out var share)) return;
        if (share.Open > 0)
        {
            share.Open--;
            share.Used -= share.Cost;
        }
        share.Used += engineSeconds;
        share.Cost = Math.Max(1e-3, share.Cost + Smoothing * (engineSeconds - share.Cost));
    }

    /// <summary>The jobs that give out work, whose turn it is first.</summary>
    /// <param name="engine">Within a priority, jobs of this engine come before the others.</param>
    public IReadOnlyList<JobId> InOrder(string? engine = null) =>
    [
        .. _shares.Where(static s => !s.Value.Paused)
            .OrderByDescending(static s => s.Value.Priority).ThenBy(s => engine is not null && s.Value.Engine != engine)
            .ThenBy(static s => s.Value.Used / s.Value.Weight).ThenBy(static s => s.Key.Value, StringComparer.Ordinal)
            .Select(static s => s.Key),
    ];

    private sealed class Share
    {
        public double Weight { get; set; }

        public int Priority { get; set; }

        public bool Paused { get; set; }

        public double Used { get; set; }

        public double Cost { get; set; } = 1;

        public int Open { get; set; }

        public string Engine { get; set; } = "";
    }
}
