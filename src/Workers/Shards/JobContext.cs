using Dpvr.Contracts.Jobs;
using Dpvr.Data.Identity;
using Dpvr.Data.Sources;

namespace Dpvr.Workers.Shards;

/// <summary>What all shards of a job have in common, read once.</summary>
/// <param name="Spec">The job.</param>
/// <param name="Source">Reads its pictures.</param>
internal sealed record JobContext(JobSpec Spec, IDatasetReader Source)
{
    /// <exception cref="DatasetException">The source cannot be opened.</exception>
    public static JobContext Of(JobSpec spec, SourceAccess? access = null) => new(spec, DatasetReaders.Open(spec.Source, access));

    /// <summary>One for each prompt, when an engine of this precision answers.</summary>
    public IReadOnlyList<WorkIdentity> Identities(string dtype) => [.. Spec.Prompts.Select(prompt => new WorkIdentity(Spec, prompt, dtype))];
}
