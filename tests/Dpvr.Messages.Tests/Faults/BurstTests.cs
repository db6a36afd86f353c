using System.Collections.Concurrent;
using System.Globalization;
using Dpvr.Silo.Messages;
using RabbitMQ.Client.Exceptions;

namespace Dpvr.Messages.Tests.Faults;

/// <summary>A broker that is killed in a burst of submissions.</summary>
[Collection(OneBroker.Name)]
public sealed class BurstTests(BrokerFixture fixture, ITestOutputHelper log)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    [Fact]
    public Task Submit_300WhileTheBrokerIsKilled_IsOneJobForEachConfirmation() => SubmitAsync(300);

    [Fact, Trait("Category", "Slow")]
    public Task Submit_5000WhileTheBrokerIsKilled_IsOneJobForEachConfirmation() => SubmitAsync(5000);

    private async Task SubmitAsync(int count)
    {
        BrokerFixture.Require();
        var confirmed = new ConcurrentDictionary<int, bool>();
        var tag = $"burst{count}";
        var half = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = TimeProvider.System.GetTimestamp();

        var sending = Task.Run(async () =>
        {
            for (var next = 0; next < count;)
            {
                try
                {
                    await using var sender = await Sender.ConnectAsync(fixture.Broker.ConnectionString);
                    for (; next < count; next++)
                    {
                        await sender.SendAsync(QueueNames.SubmitJob, string.Create(CultureInfo.InvariantCulture,
                            $$$"""{"idempotency_key":"{{{tag}}}-{{{next}}}","source":{"root":"one"},"priority":-1000,"sampling":{"max_new_tokens":1},"metadata":{"{{{tag}}}":"{{{next}}}"}}"""), replies: false);
                        confirmed[next] = true;
                        if (next == count / 2) half.TrySetResult();
                    }
                }
                catch (Exception e) when (e is AlreadyClosedException or OperationInterruptedException or BrokerUnreachableException or IOException or PublishException)
                {
                    await Task.Delay(s_pause); // the broker is away: what is not confirmed is sent again, with its key
                }
            }
        });
        await half.Task;
        fixture.Broker.Kill();
        await fixture.Broker.StartAgainAsync();
        await sending;
        log.WriteLine($"{confirmed.Count} confirmed after {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:F1} s");

        var jobs = await Until.HasAsync(() => fixture.Host.JobsAsync(tag), found => found.Select(static j => j.Value).Distinct().Count() >= count, $"{count} submissions are jobs", seconds: 60 + count / 20);
        log.WriteLine($"{jobs.Count} jobs after {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:F1} s");

        jobs.GroupBy(static j => j.Value).Where(static g => g.Count() > 1).Should().BeEmpty("each key is one job");
        jobs.Select(static j => int.Parse(j.Value, CultureInfo.InvariantCulture)).Should().BeEquivalentTo(confirmed.Keys);
    }
}
