using Dpvr.Hosting.Auth;
using Dpvr.Silo.Api.Files;
using Dpvr.Silo.Api.Limits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Dpvr.Silo.Api.Batches;

/// <summary><c>/v1/batches</c> as OpenAI's clients call it.</summary>
internal static class BatchRoutes
{
    public static void MapBatches(this IEndpointRouteBuilder app, ApiOptions options)
    {
        var batches = app.MapGroup("/v1/batches").WithTags("Batches").WithMetadata(new BodyLimit(options.MostBodyBytes));
        batches.MapGet("/", ListAsync).WithSummary("The batches, newest first.");
        batches.MapGet("/{id}", async (string id, BatchDesk desk, CancellationToken stop) => TypedResults.Ok(await desk.ReadAsync(id, stop))).WithSummary("Where a batch stands.");
        batches.MapPost("/", CreateAsync).RequireAuthorization(ApiScope.Submit).WithSummary("Makes a batch of an uploaded file. With the header Idempotency-Key it is one batch however often it is sent.");
        batches.MapPost("/{id}/cancel", async (string id, BatchDesk desk, CancellationToken stop) => TypedResults.Ok(await desk.CancelAsync(id, stop))).RequireAuthorization(ApiScope.Submit).WithSummary("Stops a batch; what is done until then stands in its output file.");
    }

    private static async Task<Ok<OpenAiList<BatchObject>>> ListAsync(BatchDesk desk, CancellationToken stop, [FromQuery] string? limit = null, [FromQuery] string? after = null) =>
        TypedResults.Ok(await desk.ListAsync(Paging.Limit(limit, 20, 100), after, stop));

    private static async Task<Ok<BatchObject>> CreateAsync(BatchRequest request, BatchDesk desk, HttpContext context) =>
        TypedResults.Ok(await desk.CreateAsync(request, KeyHeader.Of(context.Request), Caller.IdOf(context.User), context.RequestAborted));
}
