using System.Security.Cryptography;
using System.Threading.Channels;
using Dpvr.Contracts.Results;
using Dpvr.Data.Identity;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Shards;
using Dpvr.Workers.Waits;
using Microsoft.Extensions.Options;

namespace Dpvr.Workers.Pipeline;

/// <summary>
/// fetch → decode → engine for all shards in hand, one after the other and without a gap between them. Each stage has its
/// own threads and a bounded channel before it, so that a fast stage waits for a slow one instead of filling the memory.
/// </summary>
internal sealed class PicturePipeline : IAsyncDisposable
{
    private readonly Channel<ItemWork> _toFetch;
    private readonly Channel<ItemWork> _toDecode;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private readonly AnswerStage _answers;
    private readonly IResultCache? _cache;
    private readonly PipelineGauge _gauge;
    private readonly WorkerInstruments _instruments;
    private readonly TimeProvider _time;

    public PicturePipeline(AnswerStage answers, PipelineGauge gauge, WorkerInstruments instruments, TimeProvider time, IOptions<WorkerOptions> options, IResultCache? cache = null)
    {
        (_answers, _gauge, _instruments, _time, _cache) = (answers, gauge, instruments, time, cache);
        // Only names wait here: room for the next shard's items, so that its first is read while the last of this one is decoded.
        _toFetch = Channel.CreateBounded<ItemWork>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.Wait });
        // Whole files wait here: a few for each decoder, enough to hide the jitter of a disk or a network.
        _toDecode = Channel.CreateBounded<ItemWork>(new BoundedChannelOptions(4 * options.Value.DecodeThreads) { FullMode = BoundedChannelFullMode.Wait });
        for (var i = 0; i < options.Value.FetchThreads; i++) _loops.Add(Task.Run(() => LoopAsync(_toFetch.Reader, gauge.Fetching, FetchAsync)));
        for (var i = 0; i < options.Value.DecodeThreads; i++) _loops.Add(Task.Run(() => LoopAsync(_toDecode.Reader, gauge.Decoding, DecodeAsync)));
    }

    /// <summary>Sends a shard's items on their way; their records come out of <see cref="ShardWork.FinishedAsync"/>.</summary>
    public async Task EnterAsync(ShardWork shard)
    {
        for (var place = 0; place < shard.Items.Count; place++) await PassAsync(_toFetch.Writer, _gauge.Fetching, new ItemWork(shard, place), shard.Cancelled);
    }

    /// <summary>One thread of a stage. Work of a shard that was dropped is passed over; what else goes wrong fails its shard, never the stage.</summary>
    private async Task LoopAsync(ChannelReader<ItemWork> reader, Action<int> gauge, Func<ItemWork, Task> stage)
    {
        await foreach (var work in reader.ReadAllAsync(_stop.Token))
        {
            try
            {
                if (!work.Shard.Cancelled.IsCancellationRequested) await stage(work);
            }
            catch (OperationCanceledException) when (work.Shard.Cancelled.IsCancellationRequested || _stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                work.Shard.Fail(e);
            }
            finally
            {
                gauge(-1);
            }
        }
    }

    private static async Task PassAsync(ChannelWriter<ItemWork> to, Action<int> gauge, ItemWork work, CancellationToken cancellationToken)
    {
        gauge(+1);
        try
        {
            await to.WriteAsync(work, cancellationToken);
        }
        catch
        {
            gauge(-1);
            throw;
        }
    }

    private async Task FetchAsync(ItemWork work)
    {
        using var span = Traces.Below(work.Shard.SpanOf(work.Place), "fetch");
        var begun = _time.GetTimestamp();
        var source = await work.Shard.Source.ReadAsync(work.Item, work.Shard.Cancelled);
        var took = _time.GetElapsedTime(begun);
        span?.Dispose();
        _instruments.OnFetched(source.Bytes.Length, took);

        var record = work.Record with { Timings = new ItemTimings { FetchMs = took.TotalMilliseconds } };
        if (source.Error is { } error)
        {
            work.Shard.PutError(work.Place, record, error);
            return;
        }
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(source.Bytes.Span));
        await PassAsync(_toDecode.Writer, _gauge.Decoding, work with { Bytes = source.Bytes, Record = record with { Sha256 = sha256 } }, _stop.Token);
    }

    private async Task DecodeAsync(ItemWork work)
    {
        var open = await PutKnownAnswersAsync(work);
        if (open.Count == 0) return;

        using var span = Traces.Below(work.Shard.SpanOf(work.Place), "decode");
        var begun = _time.GetTimestamp();
        var (picture, error) = work.Shard.Ready.Pictures.Prepare(work.Bytes, work.Record.Sha256!);
        var took = _time.GetElapsedTime(begun);
        span?.Dispose();
        _instruments.OnDecoded(took);

        work = work with { Bytes = default, Record = work.Record with { Timings = work.Record.Timings! with { DecodeMs = took.TotalMilliseconds } } };
        if (picture is null)
        {
            foreach (var (prompt, _) in open) work.Shard.Put(work.Place, prompt, work.RecordOf(prompt) with { Error = error });
            return;
        }
        work = work with { Record = work.Record with { Width = picture.Width, Height = picture.Height } };
        _gauge.Decoding(-1); // what waits for a slot of the engine is not what the engine waits for
        try
        {
            foreach (var (prompt, identity) in open) await _answers.AskAsync(work, picture, prompt, identity);
        }
        finally
        {
            _gauge.Decoding(+1);
        }
    }

    /// <summary>Answers that an earlier run or shard committed are taken over; returns the prompts that are left, each with its work's identity.</summary>
    private async Task<List<(int Prompt, string Work)>> PutKnownAnswersAsync(ItemWork work)
    {
        List<(int, string)> open = [];
        for (var prompt = 0; prompt < work.Shard.Job.Prompts.Count; prompt++)
        {
            var identity = work.Shard.IdentityOf(work.Place, prompt).Of(work.Record.Sha256!);
            var known = _cache is null ? null : await _cache.FindAsync(identity, work.Shard.Cancelled);
            if (known is null) open.Add((prompt, identity));
            else work.Shard.Put(work.Place, prompt, known with { CustomId = work.Item.CustomId, Prompt = work.Shard.Job.Prompts[prompt].Name, PromptText = work.Record.PromptText, Reused = true, Timings = work.Record.Timings });
        }
        return open;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _toFetch.Writer.TryComplete();
        _toDecode.Writer.TryComplete();
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
