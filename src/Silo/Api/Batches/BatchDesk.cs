using System.Globalization;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Api.Files;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Api.Problems;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Batches;

/// <summary>Batches as callers see and make them.</summary>
internal sealed class BatchDesk(BatchStore batches, FileStore files, JobDesk jobs, IntakeKeys keys, JobIntake intake, BatchKeeper keeper, SourceRoots roots, ApiOptions options, TimeProvider time)
{
    public const string Endpoint = "/v1/chat/completions";

    public async Task<BatchObject> CreateAsync(BatchRequest request, string? key, string by, CancellationToken stop)
    {
        if (request.Endpoint != Endpoint) throw new RefusedException("endpoint", request.Endpoint, Endpoint);
        var window = WindowOf(request.CompletionWindow);
        var metadata = Checks.Metadata(request.Metadata);
        if (request.InputFileId is not { } input || await files.FindAsync(input, stop) is not { } file) throw new RefusedException("input_file_id", request.InputFileId, "the id of an uploaded file", "invalid_input_file");
        if (file.Purpose != "batch") throw new RefusedException("input_file_id", input, $"a file of the purpose batch; this one's is {file.Purpose}", "invalid_input_file");
        var id = await IdAsync(request, metadata, key, by, stop);
        var now = time.GetUtcNow();
        if (await batches.FindAsync(id, stop) is null)
            await batches.CreateAsync(new BatchRecord
            {
                Id = id, InputFileId = input, Endpoint = Endpoint, CompletionWindow = request.CompletionWindow!, CreatedAt = now.ToUnixTimeSeconds(), ExpiresAt = (now + window).ToUnixTimeSeconds(), By = by, Metadata = metadata,
            }, stop);
        keeper.Nudge(id);
        return await ReadAsync(id, stop);
    }

    /// <exception cref="ApiProblemException">There is none.</exception>
    public async Task<BatchObject> ReadAsync(string id, CancellationToken stop) => await ViewAsync(await FindAsync(id, stop), await batches.ReadStateAsync(id, stop), stop);

    public async Task<BatchObject> CancelAsync(string id, CancellationToken stop)
    {
        var batch = await FindAsync(id, stop);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var state = await batches.ChangeAsync(id, s => s with { CancellingAt = s.CancellingAt ?? now }, stop);
        if (state is { HasEnded: true, CancelledAt: null }) throw ApiProblemException.Of(409, "batch_ended", $"Batch {id} has ended: there is nothing to cancel.", "id", id);
        keeper.Nudge(id);
        return await ViewAsync(batch, state, stop);
    }

    public async Task<OpenAiList<BatchObject>> ListAsync(int limit, string? after, CancellationToken stop)
    {
        var ids = await batches.ListAsync(after, limit + 1, stop);
        var page = new List<BatchObject>();
        foreach (var id in ids.Take(limit))
            if (await batches.FindAsync(id, stop) is { } batch)
                page.Add(await ViewAsync(batch, await batches.ReadStateAsync(id, stop), stop));
        return new OpenAiList<BatchObject>(page, ids.Count > limit, page.FirstOrDefault()?.Id, page.LastOrDefault()?.Id);
    }

    private async Task<string> IdAsync(BatchRequest request, IReadOnlyDictionary<string, string>? metadata, string? key, string by, CancellationToken stop)
    {
        var body = "batch " + IntakeKeys.Hash(JsonSerializer.SerializeToUtf8Bytes(new { request.InputFileId, request.CompletionWindow, Metadata = metadata?.OrderBy(static m => m.Key, StringComparer.Ordinal) }, ApiJson.Answers));
        if (key is not null) IntakeKeys.Check(key);
        if (key is not null && await keys.FindAsync(key, body, stop) is { } known) return known;
        await intake.RequireRoomAsync(by, options.MostOpenJobs, stop);
        var id = TimeIds.New(BatchStore.Prefix, time.GetUtcNow());
        return key is null ? id : (await keys.ClaimAsync(key, body, id, stop)).Id;
    }

    private async Task<BatchRecord> FindAsync(string id, CancellationToken stop) => await batches.FindAsync(id, stop) ?? throw ApiProblemException.NotFound("batch", id);

    private async Task<BatchObject> ViewAsync(BatchRecord batch, BatchState state, CancellationToken stop)
    {
        var progress = state is { HasEnded: false, Job: { } job } ? await GrainCalls.AskAsync(() => jobs.Grain(new JobId(job)).StatusAsync(), stop) : null;
        return new BatchObject
        {
            Id = batch.Id,
            Endpoint = batch.Endpoint,
            Model = state.Model,
            Errors = state.Errors is { } errors ? new BatchErrorList([.. errors.Select(e => e with { Message = roots.Hide(e.Message) })]) : null,
            InputFileId = batch.InputFileId,
            CompletionWindow = batch.CompletionWindow,
            Status = StatusOf(state, progress),
            OutputFileId = state.OutputFileId,
            ErrorFileId = state.ErrorFileId,
            CreatedAt = batch.CreatedAt,
            InProgressAt = state.InProgressAt,
            ExpiresAt = batch.ExpiresAt,
            FinalizingAt = state.FinalizingAt,
            CompletedAt = state.CompletedAt,
            FailedAt = state.FailedAt,
            ExpiredAt = state.ExpiredAt,
            CancellingAt = state.CancellingAt,
            CancelledAt = state.CancelledAt,
            RequestCounts = progress is null ? state.Counts ?? new BatchCounts(0, 0, 0) : new BatchCounts(state.Counts?.Total ?? progress.Requests.Total, progress.Requests.Succeeded, progress.Requests.Failed + progress.Requests.Skipped),
            Usage = state.Usage ?? (progress is null ? null : BatchUsage.Of(progress.PromptTokens, progress.CompletionTokens)),
            Metadata = batch.Metadata,
            Job = state.Job,
        };
    }

    private static string StatusOf(BatchState state, JobProgress? progress) => state switch
    {
        { FailedAt: not null } => "failed",
        { CompletedAt: not null } => "completed",
        { ExpiredAt: not null } => "expired",
        { CancelledAt: not null } => "cancelled",
        { CancellingAt: not null } => "cancelling",
        { Job: null } => "validating",
        { FinalizingAt: not null } => "finalizing",
        // The job's own end comes a moment before the batch's files.
        _ => progress is null || progress.Status.IsTerminal() ? "finalizing" : progress.Status == JobStatus.Cancelling ? "in_progress" : StatusWords.Of(progress.Status),
    };

    private static TimeSpan WindowOf(string? text)
    {
        const string allowed = "a whole number and h or d, as 24h; at most 30 days";
        if (text is { Length: >= 2 and <= 4 } && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && (text[^1] is 'h' or 'd'))
            if ((text[^1] == 'h' ? TimeSpan.FromHours(number) : TimeSpan.FromDays(number)) is var window && window <= TimeSpan.FromDays(30)) return window;
        throw new RefusedException("completion_window", text, allowed);
    }
}
