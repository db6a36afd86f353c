using System.Collections.Concurrent;
using System.Globalization;
using Dpvr.Chaos.Harness;
using Dpvr.Messages.Tests;
using Dpvr.Silo.Messages;
using RabbitMQ.Client.Exceptions;

namespace Dpvr.Chaos.Faults;

/// <summary><c>DPVR_CHAOS_BURST</c> sets another number of submissions.</summary>
internal sealed class F14BrokerKilled : Fault
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private static readonly int s_count = int.TryParse(Environment.GetEnvironmentVariable("DPVR_CHAOS_BURST"), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 120;

    public override int Number => 14;

    public override string Words => "broker and a silo killed during a burst: every confirmed submission is exactly one job (I1)";

    public override bool IsSlow => true;

    public override async Task RunAsync(ChaosRun run)
    {
        await using var broker = await ChaosBroker.StartAsync(run);
        await run.OnClusterAsync(broker.Options with { Silos = 2, Workers = 1 }, async cluster =>
        {
            var confirmed = new ConcurrentDictionary<string, bool>();
            var sending = Task.Run(() => SendAsync(broker, confirmed));
            await Poll.UntilAsync(() => confirmed.Count > s_count / 3, TimeSpan.FromSeconds(120), "a third is sent");
            var victim = cluster.Silos[run.Random.Next(2)];
            await victim.KillAsync();
            run.Log($"{victim.Name} is killed, {confirmed.Count} are confirmed");
            await Poll.UntilAsync(() => confirmed.Count > s_count * 2 / 3, TimeSpan.FromSeconds(120), "two thirds are sent");
            broker.Server.Kill();
            run.Log($"the broker is killed, {confirmed.Count} are confirmed");
            await Task.WhenAll(broker.Server.StartAgainAsync(), cluster.StartAgainAsync(victim));
            await sending;
            await Poll.UntilAsync(async () => (await ChaosBroker.JobsAsync(cluster.Store)).Select(static j => j.Tag).Distinct().Count() >= confirmed.Count, TimeSpan.FromSeconds(120 + s_count / 10), "each confirmed submission is a job");

            var jobs = await ChaosBroker.JobsAsync(cluster.Store);
            if (jobs.GroupBy(static j => j.Tag).FirstOrDefault(static g => g.Count() > 1) is { } twice) throw new InvariantException("I1", $"{twice.Key} is {twice.Count()} jobs");
            jobs.Select(static j => j.Tag).Should().BeEquivalentTo(confirmed.Keys);
            await Poll.UntilAsync(async () => (await Task.WhenAll(jobs.Select(j => cluster.Store.ReadEndAsync(j.Job)))).All(static end => end is not null), TimeSpan.FromSeconds(120 + s_count), "each of them ends", s_pause * 10);
        });
    }

    private static async Task SendAsync(ChaosBroker broker, ConcurrentDictionary<string, bool> confirmed)
    {
        for (var next = 0; next < s_count;)
        {
            try
            {
                await using var sender = await Sender.ConnectAsync(broker.Address);
                for (; next < s_count; next++)
                {
                    var tag = next.ToString(CultureInfo.InvariantCulture);
                    await sender.SendAsync(QueueNames.SubmitJob, broker.Body($"burst-{tag}", tag), replies: false);
                    confirmed[tag] = true;
                }
            }
            catch (Exception e) when (e is AlreadyClosedException or OperationInterruptedException or BrokerUnreachableException or IOException or PublishException)
            {
                await Task.Delay(s_pause); // what is not confirmed is sent again, with its key
            }
        }
    }
}
