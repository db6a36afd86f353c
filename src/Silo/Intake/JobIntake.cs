using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Json;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Data.Sources;

namespace Dpvr.Silo.Intake;

/// <summary>
/// The one door through which jobs come in, whether by HTTP, by a queue or by a command line. When a call returns the job is durable; a call that did not return may be
/// made again with the same key, from anywhere, and is the same job. Knows no transport.
/// </summary>
public sealed class JobIntake
{
    private readonly JobStore _store;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly OpenJobs _open;
    private readonly IntakeKeys _keys;

    /// <summary>Makes it over a store.</summary>
    public JobIntake(JobStore store, IGrainFactory grains, TimeProvider time)
    {
        (_store, _grains, _time) = (store, grains, time);
        _open = new OpenJobs(store, time);
        _keys = new IntakeKeys(store.Blobs, time);
    }

    /// <summary>Takes a job in.</summary>
    /// <exception cref="RefusedException">The key is none, or not a submitter's to use.</exception>
    /// <exception cref="IntakeConflictException">The key stands for a job that asks something else.</exception>
    /// <exception cref="TooManyJobsException">The submitter has too many open jobs.</exception>
    /// <exception cref="DatasetException">The source cannot be opened.</exception>
    public async Task<IntakeResult> SubmitAsync(JobSubmission submission, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        if (submission.Key is not null) IntakeKeys.Check(submission.Key);
        if ((submission.Key ?? submission.OwnKey) is not { } key)
        {
            await RequireAsync(submission, cancellationToken);
            return await StartAsync(NewId(), submission, isNew: true, cancellationToken);
        }
        var body = BodyOf(submission);
        if (await _keys.FindAsync(key, body, cancellationToken) is { } known) return await StartAsync(new JobId(known), submission, isNew: false, cancellationToken);
        await RequireAsync(submission, cancellationToken);
        var (id, isNew) = await _keys.ClaimAsync(key, body, NewId().Value, cancellationToken);
        return await StartAsync(new JobId(id), submission, isNew, cancellationToken);
    }

    /// <summary>What is known of a job's submission; null when it came another way.</summary>
    public Task<SubmissionRecord?> ReadAsync(JobId job, CancellationToken cancellationToken = default) =>
        ReadAsync(KeyOf(job), IntakeJson.Text.SubmissionRecord, cancellationToken);

    /// <summary>The job that a key stands for, once it was started; null before.</summary>
    internal async Task<JobId?> FindAsync(string key, CancellationToken cancellationToken) =>
        await _keys.FindAsync(key, cancellationToken) is { } id && await _store.ReadSpecAsync(new JobId(id), cancellationToken) is not null ? new JobId(id) : null;

    /// <summary>Refuses a submitter who has as many open jobs as allowed, before work is put into what would be refused later.</summary>
    /// <exception cref="TooManyJobsException">There are as many as allowed.</exception>
    public Task RequireRoomAsync(string by, int most, CancellationToken cancellationToken = default) => _open.RequireRoomAsync(by, most, cancellationToken);

    /// <summary>Forgets a job that is removed from the store.</summary>
    internal Task ForgetAsync(JobId job, CancellationToken cancellationToken) => _store.Blobs.DeleteAsync(KeyOf(job), cancellationToken);

    /// <summary>The same with its key and its place among the open jobs, as far as its submission says them.</summary>
    internal async Task ForgetAllAsync(JobId job, CancellationToken cancellationToken)
    {
        if (await ReadAsync(job, cancellationToken) is not { } submission) return;
        if (submission.Key is { } key) await _store.Blobs.DeleteAsync(key, cancellationToken);
        await _open.RemoveAsync(submission.By, job, cancellationToken);
        await ForgetAsync(job, cancellationToken);
    }

    /// <summary>The same with its key, which stands for nothing after that.</summary>
    internal async Task ForgetAsync(JobId job, string key, CancellationToken cancellationToken)
    {
        await ForgetAsync(job, cancellationToken);
        await _keys.ForgetAsync(key, cancellationToken);
    }

    private static string KeyOf(JobId job) => $"submitted/{job}.json";

    private Task RequireAsync(JobSubmission submission, CancellationToken cancellationToken)
    {
        _ = DatasetReaders.Open(submission.Spec.Source, new SourceAccess { Store = _store.Blobs }); // refused before anything is written
        return _open.RequireRoomAsync(submission.By, submission.MostOpenJobs, cancellationToken);
    }

    private async Task<IntakeResult> StartAsync(JobId job, JobSubmission submission, bool isNew, CancellationToken cancellationToken)
    {
        var grain = _grains.GetGrain<IJobGrain>(job.Value);
        // A job that was started is only asked: to start it again would end a pause.
        if (!isNew && await _store.ReadSpecAsync(job, cancellationToken) is not null) return new IntakeResult(job, false, await grain.StatusAsync());
        if (submission.Hold is { } hold) await HoldAsync(hold, job, cancellationToken);
        if (submission.MostOpenJobs > 0) await _open.AddAsync(submission.By, job, cancellationToken);
        var record = new SubmissionRecord { At = _time.GetUtcNow(), By = submission.By, Key = (submission.Key ?? submission.OwnKey) is { } key ? IntakeKeys.NameOf(key) : null, Source = submission.Source, Metadata = submission.Metadata };
        await _store.Blobs.PutAsync(KeyOf(job), JsonSerializer.SerializeToUtf8Bytes(record, IntakeJson.Text.SubmissionRecord), BlobDurability.Durable, cancellationToken);
        return new IntakeResult(job, isNew, await grain.StartAsync(submission.Spec));
    }

    // The note first, then a look whether it came in time.
    private async Task HoldAsync(SourceHold hold, JobId job, CancellationToken cancellationToken)
    {
        var note = hold.Notes + job.Value;
        await _store.Blobs.PutAsync(note, JsonSerializer.SerializeToUtf8Bytes(new HoldRecord(_time.GetUtcNow()), IntakeJson.Text.HoldRecord), BlobDurability.Durable, cancellationToken);
        if (await _store.Blobs.ExistsAsync(hold.Blob, cancellationToken)) return;
        await _store.Blobs.DeleteAsync(note, cancellationToken);
        throw new RefusedException("source.file", hold.Name, "the id of an uploaded file (/v1/files); this one is being deleted");
    }

    private static JobId NewId() => new($"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(10))}-1");

    // Where this machine keeps the model, and which weights the name means today, is not what was asked.
    private static string BodyOf(JobSubmission submission)
    {
        var spec = submission.Spec with { Model = new ModelSpec(submission.Spec.Model.Name, "", "") };
        using var bytes = new MemoryStream();
        JsonSerializer.Serialize(bytes, spec, DpvrJson.Line.JobSpec);
        foreach (var (name, value) in (submission.Metadata ?? new Dictionary<string, string>()).OrderBy(static m => m.Key, StringComparer.Ordinal))
            bytes.Write(Encoding.UTF8.GetBytes($"\n{JsonEncodedText.Encode(name)}={JsonEncodedText.Encode(value)}"));
        return IntakeKeys.Hash(bytes.ToArray());
    }

    private async Task<T?> ReadAsync<T>(string key, JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : class =>
        await _store.Blobs.GetAsync(key, cancellationToken) is { } blob ? JsonSerializer.Deserialize(blob.Bytes, type) : null;
}
