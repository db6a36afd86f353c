using Dpvr.Silo.Intake;
using Microsoft.AspNetCore.Http;

namespace Dpvr.Silo.Api.Problems;

/// <summary>Every refusal has a body that says why: problem+json, and below <c>/v1</c> the shape that OpenAI's clients read. Paths of the server are not in it.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, SourceRoots roots, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // nobody is there to be told
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            var problem = ProblemMap.Of(e);
            if (problem is null or { Status: >= 500 }) LogFault(logger, e, context.Request.Method, context.GetEndpoint()?.DisplayName ?? "no endpoint");
            context.Response.Clear();
            await WriteAsync(context, problem ?? ProblemMap.Bare(500));
            return;
        }
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null }) await WriteAsync(context, ProblemMap.Bare(context.Response.StatusCode));
    }

    private Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        problem = problem with { Detail = roots.Hide(problem.Detail) };
        context.Response.StatusCode = problem.Status;
        context.Response.Headers.CacheControl = "no-store";
        if (problem.Status is 429 or 503 && !context.Response.Headers.ContainsKey("Retry-After")) context.Response.Headers.RetryAfter = "1";
        return context.Request.Path.StartsWithSegments("/v1")
            ? context.Response.WriteAsJsonAsync(OpenAiError.Of(problem), ApiJson.Answers, "application/json", context.RequestAborted)
            : context.Response.WriteAsJsonAsync(problem, ApiJson.Answers, "application/problem+json", context.RequestAborted);
    }

    [LoggerMessage(1601, LogLevel.Error, "A call failed: {Method} {Endpoint}")]
    private static partial void LogFault(ILogger logger, Exception exception, string method, string endpoint);
}
