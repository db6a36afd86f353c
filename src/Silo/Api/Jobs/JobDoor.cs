using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Api.Files;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>Takes in what callers ask for.</summary>
internal sealed class JobDoor(JobRequestReader reader, UploadedRequests uploads, JobIntake intake, ApiOptions options)
{
    /// <summary>Takes one in.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="key">The caller's idempotency key; null: none.</param>
    /// <param name="ownKey">What it goes by without one; null: each call is another job.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IntakeResult> SubmitAsync(JobRequest request, string? key, string? ownKey, string by, CancellationToken cancellationToken) => await intake.SubmitAsync(new JobSubmission
    {
        Spec = await ReadAsync(request, cancellationToken),
        Key = key,
        OwnKey = ownKey,
        By = by,
        MostOpenJobs = options.MostOpenJobs,
        Source = Words(request.Source!),
        Hold = request.Source?.File is { } file ? new SourceHold(FileStore.UsersOf(file), FileStore.InfoOf(file), file) : null,
        Metadata = Checks.Metadata(request.Metadata),
    }, cancellationToken);

    /// <summary>The job that a request means, of pictures below a root or of an uploaded file.</summary>
    /// <exception cref="RefusedException">A member is wrong.</exception>
    public async Task<JobSpec> ReadAsync(JobRequest request, CancellationToken cancellationToken)
    {
        if (request.Source?.File is null) return reader.Read(request);
        if (request.Prompts is { Count: > 1 }) throw new RefusedException("prompts", $"{request.Prompts.Count} prompts", "at most one prompt, for rows that bring none");
        var (source, limits) = await uploads.OpenAsync(request.Source, request.Sampling?.MaxNewTokens ?? new SamplingSpec().MaxNewTokens, cancellationToken);
        var spec = reader.Read(request, source);
        return spec with { Prompts = [PromptSpec.OfRequests(request.Prompts is null ? "" : spec.Prompts[0].Text)], Limits = limits };
    }

    private static string Words(SourceRequest source) => source.File ?? ((source.Manifest ?? source.Path) is { Length: > 0 } below ? $"{source.Root}/{below}" : source.Root!);
}
