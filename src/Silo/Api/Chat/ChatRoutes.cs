using System.Text.Json;
using Dpvr.Contracts.Results;
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
        app.MapPost("/v1/chat/completions", AnswerAsync).RequireAuthorization(ApiScope.Submit).WithTags("Chat").WithMetadata(new BodyLimit(options.MostChatBytes)).Produces<ChatCompletion>()
            .WithSummary("Answers one question about one picture; stream: true sends the answer as it is made.");

    private static async Task<IResult> AnswerAsync(JsonElement body, IChatEngine engine, IModelCatalog models, ChatPictures pictures, TimeProvider time, HttpContext context)
    {
        var stop = context.RequestAborted;
        var call = ChatCallReader.Read(body);
        var choice = models.Choose(call.Model, null, null);
        if (models.Refusal(choice.Model, call.Prompt) is { } refusal) throw new RefusedException("messages", call.Prompt, refusal);
        var ask = new ChatAsk { Model = choice, Picture = await pictures.ReadAsync(call.Image, stop), Prompt = call.Prompt, Sampling = call.Sampling };
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

    internal static ApiProblemException Refused(ItemError error) => error.Code is ErrorCodes.Internal or ErrorCodes.GpuOom or ErrorCodes.ModelNan or ErrorCodes.WorkerLost
        ? ApiProblemException.Of(500, error.Code, "The model could not answer.")
        : ApiProblemException.Of(400, error.Code, error.Message, "messages");
}
