using System.Security.Cryptography;
using Dpvr.Contracts.Results;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Engine;
using Dpvr.Silo.Chat;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Waits;

namespace Dpvr.Cli.Serve;

/// <summary>
/// Answers at once in this process: by the worker's engine, before what waits for it, when it has the model and the room; else by a small one of its own, so that no
/// shard in work loses its engine.
/// </summary>
internal sealed class EmbeddedChat(EngineHost shared, IEngineFactory factory, TimeProvider time, EngineInstruments instruments) : IChatEngine, IAsyncDisposable
{
    private const int OwnSlots = 4;
    private readonly EngineHost _own = new(factory, new PipelineGauge(), time, instruments, "chat");
    private readonly SemaphoreSlim _decoding = new(Environment.ProcessorCount); // decoding is work for a core each

    public async Task<ChatAnswer> AnswerAsync(ChatAsk ask, Action<string>? onText, CancellationToken cancellationToken)
    {
        var spec = ChatSpecs.Of(ask.Model, ask.Prompt, ask.Sampling, "");
        var told = false;
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                var engine = await shared.BesideAsync(spec, cancellationToken) ?? await _own.ForAsync(spec with { BatchSize = OwnSlots }, cancellationToken);
                var ready = await engine.Ready.WaitAsync(cancellationToken);
                var (picture, error) = await DecodeAsync(ready, ask.Picture, cancellationToken);
                if (picture is null) return new ChatAnswer { Error = error };
                var done = await engine.AnswerAsync(picture, ask.Prompt, ask.Sampling, onText is null ? null : Tell, cancellationToken);
                return new ChatAnswer { Text = done.Text, Tokens = done.Tokens, FinishReason = done.FinishReason, Error = done.Error };
            }
            catch (EngineFaultException) when (isFirst && !told)
            {
                // The worker took its engine away for a job of another model, or it failed for another's sake: once more, with what there is now.
            }
            catch (EngineFaultException e)
            {
                throw new ChatUnavailableException("The engine failed.", e);
            }
            catch (Exception e) when (e is CheckpointException or EngineMemoryException)
            {
                throw new ChatUnavailableException($"The model {ask.Model.Model.Name} cannot be loaded now beside what is in use.", e);
            }
        }

        void Tell(string text)
        {
            told = true;
            onText!(text);
        }
    }

    private async Task<(Workers.Pictures.PreparedPicture? Picture, ItemError? Error)> DecodeAsync(EngineReady ready, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _decoding.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => ready.Pictures.Prepare(bytes, Convert.ToHexStringLower(SHA256.HashData(bytes.Span))), cancellationToken);
        }
        finally
        {
            _decoding.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        _decoding.Dispose();
    }
}
