using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Messages;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Messages.Replies;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>
/// Answers the pictures of a window as their shards are committed, not when its job ends; then removes the window and its job. A silo that is killed in between leaves
/// the record, and whoever takes it over answers again: an answer may come twice.
/// </summary>
internal sealed partial class WindowAnswers(
    WindowWriter writer, BusRecords records, JobStore store, JobIntake intake, IGrainFactory grains, Answers answers, IOptions<BusOptions> options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<WindowAnswers> logger)
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1), s_seldom = TimeSpan.FromSeconds(30);

    /// <summary>Answers a window in the background.</summary>
    /// <param name="window">The window.</param>
    /// <param name="answered">Told when all of it is answered.</param>
    public void Follow(WindowRecord window, Action? answered = null) => _ = FollowAsync(window, answered, lifetime.ApplicationStopping);

    private async Task FollowAsync(WindowRecord window, Action? answered, CancellationToken stop)
    {
        var open = new ConcurrentDictionary<int, WindowItem>(window.Items.Select(static (item, i) => KeyValuePair.Create(i, item)));
        for (var wait = s_again; !stop.IsCancellationRequested; wait = wait * 2 < s_seldom ? wait * 2 : s_seldom)
        {
            try
            {
                var taken = await writer.SubmitAsync(window, stop); // known already, unless a silo died before it
                if (!open.IsEmpty) await AnswerAsync(taken.Job, open, stop);
                Interlocked.Exchange(ref answered, null)?.Invoke();
                await records.DeleteAsync(window, stop);
                await RemoveAsync(taken.Job, window, stop);
                return;
            }
            catch (Exception e) when (open.IsEmpty && !stop.IsCancellationRequested)
            {
                Interlocked.Exchange(ref answered, null)?.Invoke();
                LogLeft(logger, window.Id, e); // nobody waits for it any more
                return;
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                LogMissed(logger, window.Id, e);
                Interlocked.Exchange(ref answered, null)?.Invoke(); // one that nobody can be answered about must not keep the others waiting
                await WaitAsync(wait, stop);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return; // the record stays for the next silo
            }
        }
    }

    private async Task AnswerAsync(JobId job, ConcurrentDictionary<int, WindowItem> open, CancellationToken stop)
    {
        var seen = new HashSet<ShardId>();
        using var timer = new PeriodicTimer(options.Value.WindowLook, time);
        for (var done = -1; !open.IsEmpty; await timer.WaitForNextTickAsync(stop))
        {
            var progress = await GrainCalls.AskAsync(() => grains.GetGrain<IJobGrain>(job.Value).StatusAsync(), stop);
            var isEnd = progress.Status.IsTerminal();
            if (progress.ShardsDone == done && !isEnd) continue;
            done = progress.ShardsDone;
            await foreach (var marker in store.ListDoneAsync(job, 0, stop))
                if (marker.Data is not null && seen.Add(marker.Shard))
                    await AnswerAsync(job, marker, open, stop);
            if (isEnd) await EndAsync(progress, open, stop);
        }
    }

    private async Task AnswerAsync(JobId job, DoneMarker marker, ConcurrentDictionary<int, WindowItem> open, CancellationToken stop)
    {
        var key = store.DataKey(job, marker);
        var data = await records.Blobs.GetAsync(key, stop) ?? throw new BlobStoreException(ErrorCodes.Internal, $"{key} is gone, although it was committed.");
        var lines = new List<ItemRecord>();
        for (var rest = data.Bytes.AsMemory(); rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            lines.Add(JsonSerializer.Deserialize((end < 0 ? rest : rest[..end]).Span, DpvrJson.Line.ItemRecord)!);
            rest = end < 0 ? default : rest[(end + 1)..];
        }
        await Task.WhenAll(lines.Select(line => TellAsync(int.Parse(line.CustomId, NumberStyles.None, CultureInfo.InvariantCulture), open, item => Of(line, item), stop)));
    }

    // A job that was cancelled or failed as a whole: whoever asked learns that, and why.
    private Task EndAsync(JobProgress progress, ConcurrentDictionary<int, WindowItem> open, CancellationToken stop)
    {
        var error = progress.Error is { } e ? new MessageError(e.Code, e.Message) : new MessageError(ErrorCodes.Cancelled, $"The job of this picture was ended before its turn ({StatusWords.Of(progress.Status)}).");
        return Task.WhenAll(open.Keys.Select(i => TellAsync(i, open, item => new ImageCaptioned { CustomId = item.CustomId, Error = error }, stop)));
    }

    private async Task TellAsync(int index, ConcurrentDictionary<int, WindowItem> open, Func<WindowItem, ImageCaptioned> answer, CancellationToken stop)
    {
        if (!open.TryGetValue(index, out var item)) return;
        await answers.TellAsync(item.Reply, answer(item), stop);
        open.TryRemove(index, out _);
    }

    // Removed only when it has ended: until then its grains write.
    private async Task RemoveAsync(JobId job, WindowRecord window, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.Value.WindowLook * 10, time);
        while (!(await GrainCalls.AskAsync(() => grains.GetGrain<IJobGrain>(job.Value).StatusAsync(), stop)).Status.IsTerminal()) await timer.WaitForNextTickAsync(stop);
        await records.Blobs.DeletePrefixAsync(store.Layout.Job(job), stop);
        await intake.ForgetAsync(job, window.Key, stop);
        await records.Blobs.DeletePrefixAsync(window.Folder, stop);
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stop) => await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static ImageCaptioned Of(ItemRecord record, WindowItem item) => new()
    {
        CustomId = item.CustomId,
        Text = record.Text,
        FinishReason = record.FinishReason,
        PromptTokens = record.Tokens?.Prompt ?? 0,
        CompletionTokens = record.Tokens?.Completion ?? 0,
        Logprob = record.Logprob,
        Model = record.Model,
        Routing = record.Routing,
        Sha256 = record.Sha256,
        Width = record.Width,
        Height = record.Height,
        Error = record.Error is { } error ? new MessageError(error.Code, error.Message) : null,
    };

    [LoggerMessage(1721, LogLevel.Warning, "Window {Window} could not be answered; it is tried again")]
    private static partial void LogMissed(ILogger logger, string window, Exception exception);

    [LoggerMessage(1722, LogLevel.Warning, "Window {Window} is answered, but blobs of it could not be removed")]
    private static partial void LogLeft(ILogger logger, string window, Exception exception);
}
