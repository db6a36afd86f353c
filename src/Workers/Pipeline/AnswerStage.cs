using System.Diagnostics;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Pictures;
using Dpvr.Workers.Shards;
using Microsoft.Extensions.Options;

namespace Dpvr.Workers.Pipeline;

/// <summary>Gives prepared pictures to the engine and turns completions into records.</summary>
internal sealed class AnswerStage(WorkerStatus status, IOptions<WorkerOptions> options)
{
    private readonly InFlightAnswers _inFlight = new(options.Value.RememberedAnswers);

    /// <summary>Waits until the engine has taken the request, not for its answer: the next picture follows at once.</summary>
    public async Task AskAsync(ItemWork work, PreparedPicture picture, int prompt, string identity)
    {
        var shard = work.Shard;
        var ask = shard.AskOf(work.Place, prompt);
        var (completion, isFirst) = await _inFlight.GetAsync(identity, SubmitAsync);
        _ = FollowAsync(work.RecordOf(prompt) with { Work = identity, Reused = isFirst ? null : true });

        Task<Task<EngineCompletion>> SubmitAsync() => shard.Engine.SubmitAsync(picture, ask.Prompt.Text, ask.Sampling, shard.Cancelled);

        async Task FollowAsync(Contracts.Results.ItemRecord record)
        {
            try
            {
                Put(shard, work.Place, prompt, record, await completion);
            }
            catch (OperationCanceledException) when (!isFirst && !shard.Cancelled.IsCancellationRequested)
            {
                await AskAgainAsync(record); // the shard that asked first was dropped; this one was not
            }
            catch (Exception e)
            {
                shard.Fail(e);
            }
        }

        async Task AskAgainAsync(Contracts.Results.ItemRecord record)
        {
            try
            {
                Put(shard, work.Place, prompt, record with { Reused = null }, await await SubmitAsync());
            }
            catch (Exception e)
            {
                shard.Fail(e);
            }
        }
    }

    private static void Follow(Activity? image, EngineCompletion completion)
    {
        if (image is null) return;
        var end = DateTime.UtcNow; // the clock of all spans
        Traces.Past(image, "generate", end, completion.Generate);
        Traces.Past(image, "prefill", end - completion.Generate, completion.Prefill);
        Traces.Past(image, "queue", end - completion.Generate - completion.Prefill, completion.Queued);
    }

    private void Put(ShardWork shard, int place, int prompt, Contracts.Results.ItemRecord record, EngineCompletion completion)
    {
        var reused = record.Reused == true;
        if (!reused)
        {
            Follow(shard.SpanOf(place), completion);
            status.OnTokens(completion.Tokens.Completion);
            shard.AddEngineTime((completion.Prefill + completion.Generate) / Math.Max(1, shard.Ready.Description.Slots));
        }
        var timings = record.Timings! with
        {
            QueueMs = reused ? 0 : completion.Queued.TotalMilliseconds,
            PrefillMs = reused ? 0 : completion.Prefill.TotalMilliseconds,
            GenerateMs = reused ? 0 : completion.Generate.TotalMilliseconds,
        };
        shard.Put(place, prompt, completion.Error is { } error
            ? record with { Error = error, Reused = null, Timings = timings }
            : record with
            {
                Text = completion.Text,
                Tokens = completion.Tokens,
                FinishReason = completion.FinishReason,
                Logprob = completion.Logprob,
                TokenLogprobs = completion.TokenLogprobs,
                Timings = timings,
            });
    }
}
