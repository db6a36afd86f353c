using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Board;

namespace Dpvr.Silo.Tests.Board;

public sealed class FairShareTests
{
    private static readonly JobId s_a = new("a");
    private static readonly JobId s_b = new("b");

    [Fact]
    public void InOrder_OverTime_SharesAcceleratorSecondsByWeight()
    {
        var shares = new FairShare();
        shares.Set(new JobShare(s_a, 3));
        shares.Set(new JobShare(s_b, 1));
        var used = new Dictionary<JobId, double> { [s_a] = 0, [s_b] = 0 };
        for (var i = 0; i < 400; i++)
        {
            var job = shares.InOrder()[0];
            shares.Leased(job);
            // A shard of b takes four times as long: the seconds are shared, not the shards.
            var seconds = job == s_b ? 4 : 1;
            shares.Charge(job, seconds);
            used[job] += seconds;
        }

        (used[s_a] / used[s_b]).Should().BeApproximately(3, 0.2);
    }

    [Fact]
    public void Leased_BeforeAnyReport_LetsTheOtherBeNext()
    {
        var shares = new FairShare();
        shares.Set(new JobShare(s_a, 1));
        shares.Set(new JobShare(s_b, 1));
        shares.Leased(s_a);

        shares.InOrder().Should().Equal(s_b, s_a);
    }

    [Fact]
    public void Add_OfANewcomer_GivesItNoHeadStart()
    {
        var shares = new FairShare();
        shares.Set(new JobShare(s_a, 1));
        for (var i = 0; i < 100; i++) shares.Charge(s_a, 10);
        shares.Set(new JobShare(s_b, 1));
        shares.Charge(s_b, 11);

        shares.InOrder()[0].Should().Be(s_a);
    }
}
