using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>Takes in what callers ask for.</summary>
internal sealed class JobDoor(JobRequestReader reader, JobIntake intake, ApiOptions options)
{
    public Task<IntakeResult> SubmitAsync(JobRequest request, string? key, string by, CancellationToken cancellationToken) => intake.SubmitAsync(new JobSubmission
    {
        Spec = reader.Read(request),
        Key = key,
        By = by,
        MostOpenJobs = options.MostOpenJobs,
        Source = Words(request.Source!),
        Metadata = Checks.Metadata(request.Metadata),
    }, cancellationToken);

    private static string Words(SourceRequest source) => (source.Manifest ?? source.Path) is { Length: > 0 } below ? $"{source.Root}/{below}" : source.Root!;
}
