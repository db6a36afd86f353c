using Dpvr.Contracts.Grains;
using Dpvr.Contracts.Jobs;
using Dpvr.Hosting.Auth;
using Dpvr.Silo.Api.Limits;
using Dpvr.Silo.Api.Problems;
using Dpvr.Silo.Intake;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Dpvr.Silo.Api.Jobs;

/// <summary><c>/api/jobs</c>: everything that a command line can do with jobs.</summary>
internal static class JobRoutes
{
    public static void MapJobs(this IEndpointRouteBuilder app, ApiOptions options)
    {
        var jobs = app.MapGroup("/api/jobs").WithTags("Jobs").WithMetadata(new BodyLimit(options.MostBodyBytes));
        jobs.ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429);
        jobs.MapGet("/", ListAsync).WithSummary("The jobs of the store, a page at a time, in the order of their ids.");
        jobs.MapGet("/{id}", ReadAsync).WithSummary("Where a job stands.").ProducesProblem(404);
        jobs.MapGet("/{id}/events", EventsAsync).RequireRateLimiting(CallRates.Streams).WithSummary("A job's progress as server-sent events, until it ends.").Produces<JobView>(200, "text/event-stream").ProducesProblem(404);
        jobs.MapGet("/{id}/results/{file}", ResultsAsync).WithSummary("captions.jsonl, errors.jsonl or manifest.json of a job that has ended; ranges are served.").ProducesProblem(404).ProducesProblem(409);
        jobs.MapPost("/plan", PlanAsync).WithSummary("What a job would be, without beginning it.");

        var submit = jobs.MapGroup("").RequireAuthorization(ApiScope.Submit);
        submit.MapPost("/", CreateAsync).WithSummary("Hands in a job. With the header Idempotency-Key it is one job however often it is sent.").ProducesProblem(409).ProducesProblem(413).ProducesProblem(415);
        submit.MapPost("/{id}/pause", (string id, JobDesk desk, CancellationToken stop) => ActAsync(desk, id, static job => job.PauseAsync(), stop)).WithSummary("Gives out no more work until it is resumed; what runs is finished.").ProducesProblem(404);
        submit.MapPost("/{id}/resume", (string id, JobDesk desk, CancellationToken stop) => ActAsync(desk, id, static job => job.ResumeAsync(), stop)).WithSummary("Goes on with a paused job.").ProducesProblem(404);
        submit.MapPost("/{id}/cancel", (string id, JobDesk desk, CancellationToken stop) => ActAsync(desk, id, static job => job.CancelAsync(), stop)).WithSummary("Stops for good; the results are put together of what is done.").ProducesProblem(404);
        submit.MapPost("/{id}/retry", RetryAsync).WithSummary("Does again what failed or was skipped of a job that has ended; answers with the job that does it.").ProducesProblem(404).ProducesProblem(409);
        jobs.MapDelete("/{id}", DeleteAsync).RequireAuthorization(ApiScope.Admin).WithSummary("Deletes a job that has ended, with its results.").ProducesProblem(404).ProducesProblem(409);
        jobs.MapPut("/{id}/share", ShareAsync).RequireAuthorization(ApiScope.Admin).WithSummary("Sets weight and priority, also while it runs.").ProducesProblem(404);
    }

    private static async Task<Ok<JobViewPage>> ListAsync(JobDesk desk, CancellationToken stop, [FromQuery] string? limit = null, [FromQuery] string? after = null, [FromQuery] string? status = null)
    {
        JobStatus? wanted = status is null ? null : StatusWords.TryParse(status, out var s) ? s : throw new RefusedException("status", status, string.Join(", ", StatusWords.All));
        if (after is not null && !JobId.IsValid(after)) throw new RefusedException("after", after, "a job's id");
        return TypedResults.Ok(await desk.ListAsync(Paging.Limit(limit, 50, JobQuery.MostOfAPage), after is null ? null : new JobId(after), wanted, stop));
    }

    private static async Task<Ok<JobView>> ReadAsync(string id, JobDesk desk, CancellationToken stop) => TypedResults.Ok(await desk.ReadAsync(await desk.FindAsync(id, stop), stop));

    private static async Task EventsAsync(string id, JobDesk desk, JobEvents events, HttpContext context) => await events.StreamAsync(await desk.FindAsync(id, context.RequestAborted), context);

    private static async Task<IResult> ResultsAsync(string id, string file, JobDesk desk, ResultFiles files, CancellationToken stop) => await files.OpenAsync(await desk.FindAsync(id, stop), file, stop);

    private static async Task<Ok<JobPlanView>> PlanAsync(JobRequest request, JobCounter counter, CancellationToken stop) => TypedResults.Ok(await counter.CountAsync(request, stop));

    private static async Task<Results<Created<JobView>, Ok<JobView>>> CreateAsync(JobRequest request, JobDoor door, JobDesk desk, HttpContext context)
    {
        var stop = context.RequestAborted;
        var taken = await door.SubmitAsync(request, KeyHeader.Of(context.Request), null, Caller.IdOf(context.User), stop);
        var view = await desk.ViewAsync(taken.Progress, stop);
        return taken.IsNew ? TypedResults.Created($"/api/jobs/{taken.Job}", view) : TypedResults.Ok(view);
    }

    private static async Task<Ok<JobView>> ActAsync(JobDesk desk, string id, Func<IJobGrain, Task<JobProgress>> act, CancellationToken stop)
    {
        var job = await desk.FindAsync(id, stop);
        return TypedResults.Ok(await desk.ViewAsync(await GrainCalls.AskAsync(() => act(desk.Grain(job)), stop), stop));
    }

    private static async Task<Ok<JobView>> RetryAsync(string id, JobDesk desk, CancellationToken stop)
    {
        var job = await desk.FindAsync(id, stop);
        if (await desk.Store.ReadEndAsync(job, stop) is null) throw ApiProblemException.Of(409, "not_ended", $"Job {job} has not ended: what failed can be tried again when it has.", "id", id);
        var next = await GrainCalls.AskAsync(() => desk.Grain(job).RetryFailedAsync(), stop);
        return TypedResults.Ok(await desk.ReadAsync(next, stop));
    }

    private static async Task<Ok<DeletedJob>> DeleteAsync(string id, JobDesk desk, JobRemover remover, CancellationToken stop)
    {
        await remover.RemoveAsync(await desk.FindAsync(id, stop), stop);
        return TypedResults.Ok(new DeletedJob(id));
    }

    private static async Task<Ok<JobView>> ShareAsync(string id, ShareRequest share, JobDesk desk, CancellationToken stop)
    {
        var job = await desk.FindAsync(id, stop);
        var now = await GrainCalls.AskAsync(() => desk.Grain(job).StatusAsync(), stop);
        var weight = Checks.Within(share.Weight, now.Weight, 0.001, 1000, "weight");
        var priority = Checks.Within(share.Priority, now.Priority, -1000, 1000, "priority");
        return TypedResults.Ok(await desk.ViewAsync(await GrainCalls.AskAsync(() => desk.Grain(job).SetShareAsync(weight, priority), stop), stop));
    }
}
