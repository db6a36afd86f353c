using System.Security.Cryptography;
using System.Text;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Requests;
using Dpvr.Data.Requests.OpenAi;
using Dpvr.Data.Sources;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Api.Files;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Models;

namespace Dpvr.Silo.Api.Batches;

/// <summary>Moves a batch on by one step. Each may be done again, here or by another host: files have keys that follow from the batch, the job has the batch's idempotency key.</summary>
internal sealed class BatchSteps(BatchStore batches, FileStore files, PictureDays pictures, BatchConverter converter, BatchOutput output, JobIntake intake, JobDesk desk, IModelCatalog models, ApiOptions options, TimeProvider time)
{
    private const int NameDigits = 20;

    /// <summary>True when it has ended and nothing is left to do.</summary>
    public async Task<bool> MoveOnAsync(string id, CancellationToken stop)
    {
        if (await batches.FindAsync(id, stop) is not { } batch) return await batches.ForgetAsync(id, stop);
        var state = await batches.ReadStateAsync(id, stop);
        if (!state.HasEnded)
        {
            if (state.Job is null) state = await BeginAsync(batch, state, stop);
            else state = await FollowAsync(batch, state, new JobId(state.Job), stop);
        }
        if (!state.HasEnded) return false;
        await batches.CloseAsync(batch, stop);
        return true;
    }

    /// <summary>Ends a batch that cannot be moved on, however often that is tried. Its job is cancelled first: nobody would read what it makes.</summary>
    /// <param name="id">The batch.</param>
    /// <param name="cancels">False: not even that can be done.</param>
    /// <param name="stop">Ends the call.</param>
    public async Task GiveUpAsync(string id, bool cancels, CancellationToken stop)
    {
        if (cancels && await JobOfAsync(id, stop) is { } job) await GrainCalls.AskAsync(() => desk.Grain(job).CancelAsync(), stop);
        await batches.ChangeAsync(id, s => s with { FailedAt = Now(), Errors = [new BatchError("internal", "The server failed again and again at this batch.")] }, stop);
    }

    // Noted in the batch; where its host died before that, only the key leads to it.
    private async Task<JobId?> JobOfAsync(string id, CancellationToken stop) =>
        (await batches.ReadStateAsync(id, stop)).Job is { } job ? new JobId(job) : await intake.FindAsync(KeyOf(id), stop);

    private async Task<BatchState> BeginAsync(BatchRecord batch, BatchState state, CancellationToken stop)
    {
        if (state is { CancellingAt: null, Expiring: false } && Now() >= batch.ExpiresAt) state = await batches.ChangeAsync(batch.Id, static s => s with { Expiring = true }, stop);
        if (state is not { CancellingAt: null, Expiring: false }) return await EndUnbegunAsync(batch, stop);
        if (await files.FindAsync(batch.InputFileId, stop) is not { } file) return await FailAsync(batch, [new BatchError("invalid_input_file", $"The file {batch.InputFileId} is gone.", "input_file_id")], stop);
        await intake.RequireRoomAsync(batch.By, options.MostOpenJobs, stop);
        var rules = new ChatRules { IsModel = name => models.Models.Any(m => m.Name == name) };
        BatchConversion read;
        var claims = await pictures.OpenAsync(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), batch.Id, stop);
        await using (var content = files.OpenContent(file)) read = await converter.ConvertAsync(content, BatchStore.RowsOf(batch.Id), rules, claims, ChatSpecs.UsualTokens, stop);
        if (read.ErrorCount > 0) return await FailAsync(batch, [.. read.Errors.Select(static e => new BatchError(e.Code, e.Message, e.Param, e.Line))], stop);
        if (read.Model is not { } model) return await FailAsync(batch, [new BatchError("empty_file", "The file holds no request.", "input_file_id")], stop);
        // Reading a large file takes its time: who cancelled meanwhile gets no job.
        if ((await batches.ReadStateAsync(batch.Id, stop)).CancellingAt is not null) return await EndUnbegunAsync(batch, stop);
        var taken = await intake.SubmitAsync(SubmissionOf(batch, file, read, models.Choose(model, null, null)), stop);
        var begun = await batches.ChangeAsync(batch.Id, s => s with { Job = taken.Job.Value, Model = model, InProgressAt = s.InProgressAt ?? Now(), Counts = new BatchCounts(read.Rows, 0, 0) }, stop);
        // Another host ended the batch meanwhile: nobody would read what its job makes.
        if (begun.Job is null) await GrainCalls.AskAsync(() => desk.Grain(taken.Job).CancelAsync(), stop);
        return begun;
    }

    // A host that died between the job's start and its note leaves a job that only its key leads to: then it is what is cancelled.
    private async Task<BatchState> EndUnbegunAsync(BatchRecord batch, CancellationToken stop)
    {
        var job = await intake.FindAsync(KeyOf(batch.Id), stop);
        return await batches.ChangeAsync(batch.Id, s => job is { } begun ? s with { Job = begun.Value, InProgressAt = s.InProgressAt ?? Now() } : s.CancellingAt is null ? s with { ExpiredAt = Now() } : s with { CancelledAt = Now() }, stop);
    }

    private JobSubmission SubmissionOf(BatchRecord batch, FileObject file, BatchConversion read, ModelChoice choice) => new()
    {
        Spec = new JobSpec
        {
            Source = new SourceSpec { Kind = SourceKinds.Requests, Root = StorePictures.NameOf(BatchStore.RowsOf(batch.Id)) },
            Prompts = [PromptSpec.OfRequests()],
            Model = choice.Model,
            Routing = choice.Routing,
            Sampling = new SamplingSpec { MaxNewTokens = ChatSpecs.UsualTokens },
            Output = new OutputSpec { Location = "" },
            Limits = read.Limits,
        },
        OwnKey = KeyOf(batch.Id),
        By = batch.By,
        MostOpenJobs = options.MostOpenJobs,
        Source = file.Filename,
        Metadata = batch.Metadata,
    };

    private async Task<BatchState> FollowAsync(BatchRecord batch, BatchState state, JobId job, CancellationToken stop)
    {
        var progress = await GrainCalls.AskAsync(() => desk.Grain(job).StatusAsync(), stop);
        if (!progress.Status.IsTerminal())
        {
            if (state is { CancellingAt: null, Expiring: false } && Now() < batch.ExpiresAt) return state;
            if (state.CancellingAt is null) state = await batches.ChangeAsync(batch.Id, static s => s with { Expiring = true }, stop);
            await GrainCalls.AskAsync(() => desk.Grain(job).CancelAsync(), stop);
            return state;
        }
        if (progress.Status == JobStatus.Failed) return await FailAsync(batch, [new BatchError(progress.Error?.Code ?? "internal", progress.Error?.Message ?? "The job failed.")], stop);
        await batches.ChangeAsync(batch.Id, s => s with { FinalizingAt = s.FinalizingAt ?? Now() }, stop);
        return await FinishAsync(batch, job, progress, stop);
    }

    private async Task<BatchState> FinishAsync(BatchRecord batch, JobId job, JobProgress progress, CancellationToken stop)
    {
        // Cancelled before it was planned: nothing was done, and there is no output to copy.
        if (progress is { Status: JobStatus.Cancelled, Requests.Total: 0 })
            return await batches.ChangeAsync(batch.Id, s => End(s with { Counts = s.Counts is { } rows ? rows with { Failed = rows.Total } : null }, progress.Status, Now()), stop);
        var (outputId, errorId) = (FileOf(batch.Id, "output"), FileOf(batch.Id, "error"));
        var written = await output.WriteAsync(job, FileStore.ContentOf(outputId), FileStore.ContentOf(errorId), stop);
        if (written.OutputBytes > 0) await files.KeepAsync(outputId, $"{batch.Id}_output.jsonl", FileStore.Made, written.OutputBytes, null, stop);
        if (written.ErrorBytes > 0) await files.KeepAsync(errorId, $"{batch.Id}_error.jsonl", FileStore.Made, written.ErrorBytes, null, stop);
        var counts = progress.Requests;
        return await batches.ChangeAsync(batch.Id, s => End(s with
        {
            OutputFileId = written.OutputBytes > 0 ? outputId : null,
            ErrorFileId = written.ErrorBytes > 0 ? errorId : null,
            Counts = new BatchCounts(counts.Total, counts.Succeeded, counts.Failed + counts.Skipped),
            Usage = BatchUsage.Of(progress.PromptTokens, progress.CompletionTokens),
        }, progress.Status, Now()), stop);
    }

    // A batch that was done before its cancellation came through is completed: that is what its files say.
    private static BatchState End(BatchState state, JobStatus status, long now) =>
        status == JobStatus.Completed ? state with { CompletedAt = now } : state.Expiring ? state with { ExpiredAt = now } : state with { CancelledAt = now, CancellingAt = state.CancellingAt ?? now };

    private Task<BatchState> FailAsync(BatchRecord batch, IReadOnlyList<BatchError> errors, CancellationToken stop) => batches.ChangeAsync(batch.Id, s => s with { FailedAt = Now(), Errors = errors }, stop);

    private static string KeyOf(string batch) => $"batch:{batch}";

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds();

    // Follows from the batch, so that writing it again makes no second file; sorts beside it.
    private static string FileOf(string batch, string kind) =>
        FileStore.Prefix + batch.Substring(BatchStore.Prefix.Length, 12) + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{batch}/{kind}")))[..NameDigits];
}
