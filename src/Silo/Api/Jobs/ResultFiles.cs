using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;
using Dpvr.Silo.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>The files of a job's output, whole or in ranges; the ETag is a file's SHA-256.</summary>
internal sealed class ResultFiles(JobStore store)
{
    private static readonly string[] s_names = [OutputNames.Captions, OutputNames.Errors, OutputNames.Manifest];

    /// <exception cref="ApiProblemException">There is no such file, or the job has not ended.</exception>
    public async Task<IResult> OpenAsync(JobId job, string name, CancellationToken cancellationToken)
    {
        if (!s_names.Contains(name, StringComparer.Ordinal))
            throw ApiProblemException.Of(404, "not_found", $"'{name}' is no file of results; allowed: {string.Join(", ", s_names)}.", "file", name, string.Join(", ", s_names));
        var prefix = store.Layout.OutputOf(job);
        if (await store.ReadManifestAsync(prefix + OutputNames.Manifest, cancellationToken) is not { } manifest)
        {
            var status = (await store.ReadEndAsync(job, cancellationToken))?.Status;
            throw ApiProblemException.Of(409, "no_results", status is null ? $"Job {job} has not ended: its results are put together at its end." : $"Job {job} ended without results.") ;
        }
        if (name == OutputNames.Manifest) return Results.Bytes(JsonSerializer.SerializeToUtf8Bytes(WithoutPaths(manifest), DpvrJson.Pretty.OutputManifest), "application/json");
        if (manifest.Files.FirstOrDefault(file => file.Path == name) is not { } found)
            return Results.Bytes([], "application/jsonl", name); // a job without errors has no file of them
        return Results.Stream(new BlobStream(store.Blobs, prefix + name, found.Bytes), "application/jsonl", name, entityTag: new EntityTagHeaderValue($"\"{found.Sha256}\""), enableRangeProcessing: true);
    }

    private static OutputManifest WithoutPaths(OutputManifest manifest) => manifest with { Model = manifest.Model with { Path = "" } };
}
