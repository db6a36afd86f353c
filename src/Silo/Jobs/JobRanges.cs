using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;

namespace Dpvr.Silo.Jobs;

/// <summary>
/// What a job knows of its ranges, with running sums: nothing here walks all of them. A range that was never touched is not known and not loaded; one that is complete
/// is its sums alone.
/// </summary>
internal sealed class JobRanges(int count)
{
    /// <summary>Calls that wait for one range before the next one is opened beside it: a range makes one lease after the other, each with a round trip to the store.</summary>
    private const int CallsOfARange = 4;

    private readonly RangeProgress?[] _known = new RangeProgress?[count];
    private readonly Dictionary<int, int> _pending = [];
    private readonly SortedSet<int> _leased = [];
    private int _next;
    private int _complete;

    public int Count => count;

    public bool AreComplete => _complete == count;

    /// <summary>Sums over all ranges.</summary>
    public RangeProgress Sum { get; private set; } = new() { Range = -1 };

    /// <summary>Ranges with leases that may end.</summary>
    public IReadOnlyCollection<int> Leased => _leased;

    /// <summary>True when nothing waits to be given out: only stragglers are left.</summary>
    public bool IsTail => _pending.Count == 0 && NextUntouched() < 0;

    public static int CountOf(JobPlan plan) => (plan.Shards + ShardId.ShardsPerRange - 1) / ShardId.ShardsPerRange;

    public bool IsComplete(int range) => _known[range] is { IsComplete: true };

    /// <summary>Takes note of a range's answer.</summary>
    public void Take(RangeProgress answer)
    {
        var before = _known[answer.Range];
        // Two answers may cross on the way.
        if (before is not null && before.Activation == answer.Activation && before.Sequence > answer.Sequence) return;
        Sum = Add(Add(Sum, answer, 1), before, -1);
        _complete += (answer.IsComplete ? 1 : 0) - (before is { IsComplete: true } ? 1 : 0);
        _known[answer.Range] = answer;
        if (answer.Pending == 0) _pending.Remove(answer.Range);
        else _pending.TryAdd(answer.Range, 0);
        if (answer.Leased == 0) _leased.Remove(answer.Range);
        else _leased.Add(answer.Range);
    }

    /// <summary>The range to ask for a shard, or -1. <see cref="Called"/> says when the answer came.</summary>
    public int Choose()
    {
        var best = -1;
        foreach (var (range, calls) in _pending)
            if (best < 0 || calls < _pending[best])
                best = range;
        if ((best < 0 || _pending[best] >= CallsOfARange) && NextUntouched() is >= 0 and var next)
        {
            best = next;
            _next++;
            _pending.TryAdd(best, 0);
        }
        if (best >= 0) _pending[best]++;
        return best;
    }

    /// <summary>A call of <see cref="Choose"/> is over. A range that gave no answer stays as it was.</summary>
    public void Called(int range)
    {
        if (_pending.TryGetValue(range, out var calls) && calls > 0) _pending[range] = calls - 1;
    }

    private int NextUntouched()
    {
        while (_next < count && (_known[_next] is not null || _pending.ContainsKey(_next))) _next++;
        return _next < count ? _next : -1;
    }

    private static RangeProgress Add(RangeProgress sum, RangeProgress? one, int sign) => one is null ? sum : sum with
    {
        Shards = sum.Shards + sign * one.Shards,
        ShardsDone = sum.ShardsDone + sign * one.ShardsDone,
        Pending = sum.Pending + sign * one.Pending,
        Leased = sum.Leased + sign * one.Leased,
        ImagesDone = sum.ImagesDone + sign * one.ImagesDone,
        ImagesAdopted = sum.ImagesAdopted + sign * one.ImagesAdopted,
        Requests = new Counts
        {
            Succeeded = sum.Requests.Succeeded + sign * one.Requests.Succeeded,
            Failed = sum.Requests.Failed + sign * one.Requests.Failed,
            Skipped = sum.Requests.Skipped + sign * one.Requests.Skipped,
            Reused = sum.Requests.Reused + sign * one.Requests.Reused,
        },
        StaleCommits = sum.StaleCommits + sign * one.StaleCommits,
        PromptTokens = sum.PromptTokens + sign * one.PromptTokens,
        CompletionTokens = sum.CompletionTokens + sign * one.CompletionTokens,
    };
}
