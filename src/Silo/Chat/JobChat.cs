using System.Text.Json;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Data.Requests;
using Dpvr.Data.Sources;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Chat;

/// <summary>
/// Answers by a cluster's workers, for a silo has no engine: each question is a job of one picture before all others, removed when it was answered (one that nobody waited for
/// stays, cancelled). The time of a job's way comes on top of the answer's (docs/api.md); the text comes all at once.
/// </summary>
internal sealed class JobChat(JobStore store, JobIntake intake, IGrainFactory grains, TimeProvider time) : IChatEngine
{
    private const int First = 1000;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public async Task<ChatAnswer> AnswerAsync(ChatAsk ask, Action<string>? onText, CancellationToken cancellationToken)
    {
        var folder = $"chat/{Guid.NewGuid():n}/";
        JobId? job = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            await WriteAsync(folder, ask, patience.Token);
            var spec = ChatSpecs.Of(ask.Model, ask.Prompt, ask.Sampling, StorePictures.NameOf(folder + "requests.jsonl")) with { Priority = First };
            var taken = await intake.SubmitAsync(new JobSubmission { Spec = spec, By = "chat" }, patience.Token);
            job = taken.Job;
            var answer = await EndAsync(taken, patience.Token);
            if (answer.Error is null) onText?.Invoke(answer.Text);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChatUnavailableException($"No worker answered within {s_patience.TotalSeconds:F0} s.");
        }
        finally
        {
            await RemoveAsync(folder, job);
        }
    }

    private async Task WriteAsync(string folder, ChatAsk ask, CancellationToken cancellationToken)
    {
        await store.Blobs.PutAsync(folder + "picture", ask.Picture, BlobDurability.Lazy, cancellationToken);
        using var line = new MemoryStream();
        await using (var writer = new Utf8JsonWriter(line)) RequestRows.Write(writer, new RequestRow { CustomId = "chat", Image = StorePictures.NameOf(folder + "picture"), Request = new ItemRequest() });
        await store.Blobs.PutAsync(folder + "requests.jsonl", line.ToArray(), BlobDurability.Lazy, cancellationToken);
    }

    private async Task<ChatAnswer> EndAsync(IntakeResult taken, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IJobGrain>(taken.Job.Value);
        var progress = taken.Progress;
        using var timer = new PeriodicTimer(s_look, time);
        while (!progress.Status.IsTerminal())
        {
            if (progress.Error is { } paused) throw new ChatUnavailableException(paused.Message);
            await timer.WaitForNextTickAsync(cancellationToken);
            progress = await grain.StatusAsync();
        }
        if (progress.Error is { } error) return new ChatAnswer { Error = error };
        foreach (var name in (string[])[OutputNames.Captions, OutputNames.Errors])
            if (await store.Blobs.GetAsync(store.Layout.OutputOf(taken.Job) + name, cancellationToken) is { Bytes.Length: > 0 } file)
            {
                var record = JsonSerializer.Deserialize(file.Bytes.AsSpan().TrimEnd((byte)'\n'), DpvrJson.Line.ItemRecord)!;
                return new ChatAnswer { Text = record.Text ?? "", Tokens = record.Tokens ?? new TokenCounts(0, 0), FinishReason = record.FinishReason ?? "stop", Error = record.Error };
            }
        return new ChatAnswer { Error = new ItemError(ErrorCodes.Internal, $"Job {taken.Job} ended without an answer.") };
    }

    // Also when nobody waits any more: then the job is ended first, so that no worker computes it.
    private async Task RemoveAsync(string folder, JobId? job)
    {
        if (job is { } known)
        {
            var grain = grains.GetGrain<IJobGrain>(known.Value);
            if (!(await grain.StatusAsync()).Status.IsTerminal()) await grain.CancelAsync();
            else
            {
                await store.Blobs.DeletePrefixAsync(store.Layout.Job(known), CancellationToken.None);
                await intake.ForgetAsync(known, CancellationToken.None);
            }
        }
        await store.Blobs.DeletePrefixAsync(folder, CancellationToken.None);
    }
}
