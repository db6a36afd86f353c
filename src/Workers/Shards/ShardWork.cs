using System.Diagnostics;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Identity;
using Dpvr.Data.Sources;
using Dpvr.Workers.Engine;

namespace Dpvr.Workers.Shards;

/// <summary>A leased shard while its items go through the pipeline: collects exactly one record for each request.</summary>
internal sealed class ShardWork
{
    private readonly IReadOnlyList<WorkIdentity> _identities;
    private readonly ItemRecord?[] _records;
    private readonly int[] _openOf;
    private readonly Activity?[] _spans;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open, _itemsDone, _failed;
    private double _engineSeconds;

    public ShardWork(Lease lease, JobContext context, IReadOnlyList<ShardItem> items, EngineThread engine, EngineReady ready, CancellationToken cancellationToken, Activity? trace = null)
    {
        _identities = context.Identities(ready.Description.Dtype);
        (Lease, Context, Items, Engine, Ready, Cancelled) = (lease, context, items, engine, ready, cancellationToken);
        _records = new ItemRecord?[items.Count * Job.Prompts.Count];
        _open = _records.Length;
        _openOf = new int[items.Count];
        (Trace, _spans) = (trace, trace is null ? [] : new Activity?[items.Count]);
        Array.Fill(_openOf, Job.Prompts.Count);
        if (_open == 0) _finished.TrySetResult();
    }

    public Lease Lease { get; }
    public JobContext Context { get; }
    public JobSpec Job => Context.Spec;
    public IDatasetReader Source => Context.Source;
    public IReadOnlyList<ShardItem> Items { get; }
    public EngineThread Engine { get; }
    public EngineReady Ready { get; }

    /// <summary>Its span; null: it is not followed.</summary>
    public Activity? Trace { get; }

    /// <summary>Cancelled when the lease is lost, the job is cancelled, or the worker drains.</summary>
    public CancellationToken Cancelled { get; }

    /// <summary>Items of which every request has its record.</summary>
    public int ItemsDone => Volatile.Read(ref _itemsDone);

    /// <summary>Requests whose record is an error.</summary>
    public int RequestsFailed => Volatile.Read(ref _failed);

    /// <summary>Seconds that the engine spent on it, for fair share.</summary>
    public double EngineSeconds => Volatile.Read(ref _engineSeconds);

    /// <summary>The span of an item, which ends with its last record.</summary>
    public Activity? SpanOf(int item) => Trace is null ? null : _spans[item] ??= Traces.Below(Trace, "image")?.SetTag("dpvr.index", Items[item].Index);

    /// <summary>What is asked about an item (its place in the shard) with a prompt (its place in the job).</summary>
    public Ask AskOf(int item, int prompt) => Ask.Of(Job, Items[item], prompt);

    /// <summary>The identity of that work.</summary>
    public WorkIdentity IdentityOf(int item, int prompt) => Items[item].Request is null ? _identities[prompt] : new WorkIdentity(Job, AskOf(item, prompt), Ready.Description.Dtype);

    /// <summary>Takes the record of item <paramref name="item"/> (its place in the shard) for prompt <paramref name="prompt"/>.</summary>
    /// <exception cref="InvalidOperationException">It has one already.</exception>
    public void Put(int item, int prompt, ItemRecord record)
    {
        if (Interlocked.CompareExchange(ref _records[item * Job.Prompts.Count + prompt], record, null) is not null)
            throw new InvalidOperationException($"Job {Lease.Job}, shard {Lease.Shard}: '{record.CustomId}' / '{record.Prompt}' was given two records.");
        if (record.Error is not null) Interlocked.Increment(ref _failed);
        if (Interlocked.Decrement(ref _openOf[item]) == 0)
        {
            Interlocked.Increment(ref _itemsDone);
            if (Trace is not null) SpanOf(item)?.SetTag("dpvr.code", record.Error?.Code).Dispose();
        }
        if (Interlocked.Decrement(ref _open) == 0) _finished.TrySetResult();
    }

    /// <summary>The same error for every prompt of an item.</summary>
    public void PutError(int item, ItemRecord partial, ItemError error)
    {
        for (var prompt = 0; prompt < Job.Prompts.Count; prompt++) Put(item, prompt, partial with { Prompt = Job.Prompts[prompt].Name, Error = error });
    }

    /// <summary>The shard as a whole cannot be finished; the first reason counts.</summary>
    public void Fail(Exception e) => _finished.TrySetException(e);

    public void AddEngineTime(TimeSpan time)
    {
        double seen;
        do seen = Volatile.Read(ref _engineSeconds);
        while (Interlocked.CompareExchange(ref _engineSeconds, seen + time.TotalSeconds, seen) != seen);
    }

    /// <summary>All records in the items' order, each item's prompts in the job's order.</summary>
    /// <exception cref="OperationCanceledException"><see cref="Cancelled"/> was.</exception>
    public async Task<IReadOnlyList<ItemRecord>> FinishedAsync()
    {
        await _finished.Task.WaitAsync(Cancelled);
        return _records!;
    }
}
