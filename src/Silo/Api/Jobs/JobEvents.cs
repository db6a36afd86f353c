using System.Globalization;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>A job's progress as server-sent events: where it stands at once, each change after that, a comment now and then, and its end last.</summary>
internal sealed class JobEvents(JobDesk desk, ApiOptions options, TimeProvider time) 
{
    public async Task StreamAsync(JobId job, HttpContext context)
    {
        var stop = context.RequestAborted;
        var view = await desk.ReadAsync(job, stop);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var number = 0;
        var said = time.GetTimestamp();
        await SendAsync();
        using var timer = new PeriodicTimer(options.EventInterval, time);
        while (!view.Status.IsTerminal())
        {
            await timer.WaitForNextTickAsync(stop);
            var now = desk.Update(view, await GrainCalls.AskAsync(() => desk.Grain(job).StatusAsync(), stop));
            if (now.Status.IsTerminal()) now = await desk.ReadAsync(job, stop);
            if (now != view)
            {
                view = now;
                await SendAsync();
            }
            else if (time.GetElapsedTime(said) >= options.Heartbeat)
            {
                said = time.GetTimestamp();
                await context.Response.WriteAsync(": still there\n\n", stop);
                await context.Response.Body.FlushAsync(stop);
            }
        }

        async Task SendAsync()
        {
            said = time.GetTimestamp();
            var name = view.Status.IsTerminal() ? "ended" : "progress";
            await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"id: {++number}\nevent: {name}\ndata: {JsonSerializer.Serialize(view, ApiJson.Answers)}\n\n"), stop);
            await context.Response.Body.FlushAsync(stop);
        }
    }
}
