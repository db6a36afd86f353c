using System.Text.Json;
using System.Threading.Channels;
using Dpvr.Silo.Chat;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dpvr.Silo.Api.Chat;

/// <summary>An answer as server-sent events. What goes wrong before the first piece is an ordinary refusal; after it, an event that says so.</summary>
internal sealed class ChatStream(HttpResponse response, string id, long created, string model, bool includeUsage)
{
    public async Task WriteAsync(IChatEngine engine, ChatAsk ask, CancellationToken stop)
    {
        // The engine's thread must not wait for a slow reader; an answer's pieces are at most as many as its tokens, which are limited.
        var pieces = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
        var asking = AskAsync();
        if (!await pieces.Reader.WaitToReadAsync(stop) && (await asking).Error is { } refused) throw ChatRoutes.Refused(refused);
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await SendAsync(Chunk(new ChatDelta("assistant", "")), stop);
        await foreach (var text in pieces.Reader.ReadAllAsync(stop)) await SendAsync(Chunk(new ChatDelta(Content: text)), stop);
        var answer = await asking;
        if (answer.Error is { } error)
        {
            await response.WriteAsync($"data: {JsonSerializer.Serialize(Problems.OpenAiError.Of(ChatRoutes.Refused(error).Problem), ApiJson.Answers)}\n\n", stop);
            return;
        }
        await SendAsync(Chunk(new ChatDelta(), answer.FinishReason), stop);
        if (includeUsage) await SendAsync(new ChatChunk(id, created, model, [], ChatUsage.Of(answer.Tokens)), stop);
        await response.WriteAsync("data: [DONE]\n\n", stop);

        async Task<ChatAnswer> AskAsync()
        {
            try
            {
                return await engine.AnswerAsync(ask, text => pieces.Writer.TryWrite(text), stop);
            }
            catch (Exception e)
            {
                pieces.Writer.TryComplete(e);
                throw;
            }
            finally
            {
                pieces.Writer.TryComplete();
            }
        }
    }

    private ChatChunk Chunk(ChatDelta delta, string? finish = null) => new(id, created, model, [new ChatChunkChoice(0, delta, finish)]);

    private async Task SendAsync(ChatChunk chunk, CancellationToken stop)
    {
        await response.WriteAsync($"data: {JsonSerializer.Serialize(chunk, ApiJson.Answers)}\n\n", stop);
        await response.Body.FlushAsync(stop);
    }
}
