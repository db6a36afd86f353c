using System.Security.Cryptography;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Output;

namespace Dpvr.Data.Verification;

/// <summary>Recomputes I1 to I4 from an output's files alone: the manifest and what it lists against the plan, the shards and the attempts.</summary>
public sealed class OutputVerifier(JobStore store)
{
    /// <summary>Findings after which the search ends.</summary>
    public const int MaxFindings = 1000;

    /// <summary>Verifies the output of a job; without a job, the output that the manifest at the store's top describes.</summary>
    public async Task<VerifyReport> VerifyAsync(JobId? job = null, CancellationToken cancellationToken = default)
    {
        var findings = new FindingList();
        var prefix = job is { } known ? store.Layout.OutputOf(known) : store.Layout.Output;
        if (await ReadManifestAsync(prefix, findings, cancellationToken) is not { } manifest) return Report(null, new Counts(), 0, findings);
        var expected = await PlanCheck.ReadAsync(store, manifest, findings, cancellationToken);
        var counted = new Counts { Total = manifest.Requests.Total };
        var rows = new RowCheck(expected, manifest, findings);
        foreach (var name in new[] { OutputNames.Captions, OutputNames.Errors })
            if (!manifest.Files.Any(f => f.Path == name))
                findings.Add("I4", OutputNames.Manifest, null, null, $"{name} is not listed");
        foreach (var file in manifest.Files)
        {
            var ofErrors = file.Path == OutputNames.Errors;
            var seen = await ReadFileAsync(prefix, file, line => rows.Check(file.Path, ofErrors, line.Number, line.Record), findings, cancellationToken);
            counted = ofErrors ? counted with { Failed = counted.Failed + seen } : counted with { Succeeded = counted.Succeeded + seen };
        }
        counted = counted with { Failed = counted.Failed - rows.Skipped, Skipped = rows.Skipped };
        rows.Finish();
        CheckTotals(manifest, counted, rows, findings);
        var files = manifest.Files.Count;
        if (expected is not null) files += await new ShardCheck(store, findings).RunAsync(manifest, expected, cancellationToken);
        files += await CheckSidecarsAsync(prefix, manifest.Job, findings, cancellationToken);
        return Report(manifest.Job, counted, files, findings);
    }

    private async Task<OutputManifest?> ReadManifestAsync(string prefix, FindingList findings, CancellationToken cancellationToken)
    {
        if (await store.Blobs.GetAsync(prefix + OutputNames.Manifest, cancellationToken) is not { } blob)
        {
            findings.Add("I4", OutputNames.Manifest, null, null, "there is no manifest: the job has not ended; run the same command again to finish it");
            return null;
        }
        try
        {
            return JsonSerializer.Deserialize(blob.Bytes, DpvrJson.Line.OutputManifest);
        }
        catch (JsonException e)
        {
            findings.Add("I4", OutputNames.Manifest, null, null, $"cannot be read: {e.Message}");
            return null;
        }
    }

    // Lines, not blobs: an output file is as large as the job.
    private async Task<long> ReadFileAsync(string prefix, OutputFile file, Action<(long Number, ItemRecord Record)> row, FindingList findings, CancellationToken cancellationToken)
    {
        await using var stream = await store.Blobs.OpenReadAsync(prefix + file.Path, cancellationToken);
        if (stream is null)
        {
            findings.Add("I4", file.Path, null, null, "is listed in the manifest but is not there");
            return 0;
        }
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long number = 0, good = 0, bytes = 0;
        await foreach (var (line, ended) in LineReader.ReadAsync(stream, cancellationToken))
        {
            number++;
            hash.AppendData(line.Span);
            bytes += line.Length;
            if (ended)
            {
                hash.AppendData("\n"u8);
                bytes++;
            }
            else
                findings.Add("I4", file.Path, number, null, "the last line has no end: a half-written record");
            try
            {
                row((number, JsonSerializer.Deserialize(line.Span, DpvrJson.Line.ItemRecord) ?? throw new JsonException("null")));
                good++;
            }
            catch (JsonException e)
            {
                findings.Add("I4", file.Path, number, null, $"is no record: {e.Message}");
            }
        }
        if (number != file.Count) findings.Add("I4", file.Path, null, null, $"has {number} lines, the manifest says {file.Count}");
        if (bytes != file.Bytes) findings.Add("I4", file.Path, null, null, $"has {bytes} bytes, the manifest says {file.Bytes}");
        if (Convert.ToHexStringLower(hash.GetCurrentHash()) != file.Sha256) findings.Add("I4", file.Path, null, null, "does not match the manifest's SHA-256");
        return good;
    }

    private static void CheckTotals(OutputManifest manifest, Counts counted, RowCheck rows, FindingList findings)
    {
        var said = manifest.Requests;
        Check(said.Succeeded == counted.Succeeded, $"says {said.Succeeded} succeeded, the files have {counted.Succeeded}");
        Check(said.Failed == counted.Failed, $"says {said.Failed} failed, the files have {counted.Failed}");
        Check(said.Skipped == counted.Skipped, $"says {said.Skipped} skipped, the files have {counted.Skipped}");
        Check(said.Reused == rows.Reused, $"says {said.Reused} reused, the files have {rows.Reused}");
        Check(said.Total == said.Succeeded + said.Failed + said.Skipped, $"says {said.Total} in all, which is not {said.Succeeded} + {said.Failed} + {said.Skipped}");
        Check(said.Total == manifest.Images * manifest.Prompts.Count, $"says {said.Total} requests for {manifest.Images} pictures and {manifest.Prompts.Count} prompts");
        Check(manifest.Status != JobStatus.Completed || said.Skipped == 0, $"says completed with {said.Skipped} skipped");
        Check(manifest.PromptTokens == rows.PromptTokens && manifest.CompletionTokens == rows.CompletionTokens,
            $"says {manifest.PromptTokens} + {manifest.CompletionTokens} tokens, the files have {rows.PromptTokens} + {rows.CompletionTokens}");
        Check(manifest.Errors.OrderBy(static e => e.Key, StringComparer.Ordinal).SequenceEqual(rows.Errors), "the counts by error code differ from the files");

        void Check(bool holds, string message)
        {
            if (!holds) findings.Add("I2", OutputNames.Manifest, null, null, message);
        }
    }

    private async Task<int> CheckSidecarsAsync(string prefix, JobId job, FindingList findings, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var entry in SidecarWriter.ReadListAsync(store, job, cancellationToken))
        {
            count++;
            if (await store.Blobs.GetAsync(prefix + entry.Path, cancellationToken) is not { } blob) findings.Add("I4", entry.Path, null, null, "the sidecar is not there");
            else if (Convert.ToHexStringLower(SHA256.HashData(blob.Bytes)) != entry.Sha256) findings.Add("I4", entry.Path, null, null, "the sidecar was changed");
        }
        return count;
    }

    private static VerifyReport Report(JobId? job, Counts counted, int files, FindingList findings) => new() { Job = job, Counted = counted, Files = files, Findings = findings.ToArray() };
}
