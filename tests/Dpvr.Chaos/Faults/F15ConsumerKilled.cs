using System.Text;
using Dpvr.Chaos.Harness;
using Dpvr.Messages.Tests;
using Dpvr.Silo.Messages;

namespace Dpvr.Chaos.Faults;

internal sealed class F15ConsumerKilled : Fault
{
    public override int Number => 15;

    public override string Words => "the silo is killed at each delivery of a message: past the limit it is dead, its job is one and is done (I1)";

    public override bool IsSlow => true;

    public override async Task RunAsync(ChaosRun run)
    {
        await using var broker = await ChaosBroker.StartAsync(run);
        await run.OnClusterAsync(broker.Options with { Silos = 0 }, async cluster =>
        {
            var dying = await cluster.AddSiloAsync(Failpoint.At("before-ack=kill"));
            await using var sender = await Sender.ConnectAsync(broker.Address);
            await Poll.UntilAsync(() => sender.IsTakenAsync(QueueNames.SubmitJob), TimeSpan.FromSeconds(60), "the silo takes messages");
            await sender.SendAsync(QueueNames.SubmitJob, broker.Body("poison", "poison"), replies: false);
            await dying.EndAsync();
            for (var i = 2; i <= 4; i++)
            {
                dying.Start(); // it may not come as far as being ready
                await dying.EndAsync();
                run.Log($"delivery {i} killed it");
            }
            RabbitMQ.Client.BasicGetResult? dead = null;
            await Poll.UntilAsync(async () => (dead = await sender.TakeAsync(QueueNames.Dead)) is not null, TimeSpan.FromSeconds(30), "the message is dead");
            Encoding.UTF8.GetString(dead!.Body.Span).Should().Contain("poison");

            await cluster.AddSiloAsync();
            await cluster.AddWorkerAsync();
            var job = (await ChaosBroker.JobsAsync(cluster.Store)).Should().ContainSingle().Which.Job;
            await Poll.UntilAsync(async () => await cluster.Store.ReadEndAsync(job) is not null, TimeSpan.FromSeconds(120), "its job is done");
        });
    }
}
