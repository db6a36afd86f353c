using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Requests.OpenAi;
using Dpvr.Hosting.Auth;
using Dpvr.Silo.Api.Limits;
using Dpvr.Silo.Api.Problems;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dpvr.Silo.Api.Chat;

/// <summary><c>/v1/chat/completions</c>: one question about one picture, answered whole or as it is made.</summary>
internal static class ChatRoutes
{
    public static void MapChat(this IEndpointRouteBuilder app, ApiOptions options) =>
        app.MapPost("/v1/chat/completions", AnswerAsync).RequireAuthorization(ApiScope.Submit).RequireRateLimiting(CallRates.Chats).WithTags("Chat").WithMetadata(new BodyLimit(options.MostChatBytes)).Produces<ChatCompletion>()
            .WithSummary("Answers one question about one picture; stream: true sends the answer as it is made.");

    private static async Task<IResult> AnswerAsync(JsonElement body, IChatEngine engine, IModelCatalog models, ChatPictures pictures, TimeProvider time, HttpContext context)
    {
        var stop = context.RequestAborted;
        var call = Read(body, models);
        var choice = models.Choose(call.Model, null, null);
        var prompt = call.Request.Prompt ?? "";
        if (models.Refusal(choice.Model, prompt) is { } refusal) throw new RefusedException("messages", prompt, refusal);
        var ask = new ChatAsk { Model = choice, Picture = call.Picture.Bytes ?? await pictures.ReadAsync(call.Picture.Url!, stop), Prompt = prompt, Sampling = SamplingOf(call.Request) };
        var id = $"chatcmpl-{Guid.NewGuid():n}";
        var created = time.GetUtcNow().ToUnixTimeSeconds();
        if (call.Stream)
        {
            await new ChatStream(context.Response, id, created, choice.Model.Name, call.IncludeUsage).WriteAsync(engine, ask, stop);
            return Results.Empty;
        }
        var answer = await engine.AnswerAsync(ask, null, stop);
        if (answer.Error is { } error) throw Refused(error);
        return TypedResults.Ok(new ChatCompletion(id, created, choice.Model.Name, [new ChatChoice(0, new ChatMessage("assistant", answer.Text), answer.FinishReason)], ChatUsage.Of(answer.Tokens)));
    }

    // The same rules as for the lines of a batch: what answers there answers here.
    private static ChatRequest Read(JsonElement body, IModelCatalog models)
    {
        var (request, error) = ChatBody.Parse(body, new ChatRules { AllowStream = true, IsModel = name => models.Models.Any(m => m.Name == name) });
        return request ?? throw ApiProblemException.Of(error!.Code == "model_not_found" ? 404 : 400, error.Code, error.Message, error.Param);
    }

    private static SamplingSpec SamplingOf(ItemRequest request) => new()
    {
        MaxNewTokens = request.MaxTokens ?? ChatSpecs.UsualTokens,
        Temperature = request.Temperature ?? 0,
        TopP = request.TopP ?? 1,
        Seed = request.Seed ?? 0,
        Stop = request.Stop ?? [],
    };

    internal static ApiProblemException Refused(ItemError error) => error.Code is ErrorCodes.Internal or ErrorCodes.GpuOom or ErrorCodes.ModelNan or ErrorCodes.WorkerLost
        ? ApiProblemException.Of(500, error.Code, "The model could not answer.")
        : ApiProblemException.Of(400, error.Code, error.Message, "messages");
}
