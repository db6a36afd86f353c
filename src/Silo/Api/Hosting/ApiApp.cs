using System.Net;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;
using Dpvr.Hosting.Auth;
using Dpvr.Data.Requests;
using Dpvr.Data.Requests.OpenAi;
using Dpvr.Data.Sources;
using Dpvr.Silo.Api.Batches;
using Dpvr.Silo.Api.Chat;
using Dpvr.Silo.Api.Files;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Api.Limits;
using Dpvr.Silo.Api.Models;
using Dpvr.Silo.Api.Problems;
using Dpvr.Silo.Api.Telemetry;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Api.Hosting;

/// <summary>Composes the web application: services that it shares with its host, the way of a call, the addresses.</summary>
internal static class ApiApp
{
    private static readonly TimeSpan s_shutdown = TimeSpan.FromSeconds(5);

    public static WebApplication Build(IServiceProvider host, ApiOptions options, IPEndPoint listen, bool open)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(ApiApp).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MostBodyBytes;
            kestrel.Listen(listen);
        });
        AddShared(builder.Services, host);
        AddOwn(builder.Services, host, options, open);
        IWebPart[] parts = [.. host.GetServices<IWebPart>()];
        foreach (var part in parts) part.AddTo(builder.Services, host);
        var app = builder.Build();
        app.Use(host.GetRequiredService<CallInstruments>().MeasureAsync);
        Order(app, open);
        Map(app, options);
        foreach (var part in parts) part.Map(app);
        return app;
    }

    // Instances, not factories: they are the host's to dispose.
    private static void AddShared(IServiceCollection services, IServiceProvider host)
    {
        services.AddSingleton(host.GetRequiredService<ILoggerFactory>());
        services.AddSingleton(host.GetRequiredService<IGrainFactory>());
        services.AddSingleton(host.GetRequiredService<IBlobStore>());
        services.AddSingleton(host.GetRequiredService<JobStore>());
        services.AddSingleton(host.GetRequiredService<JobIntake>());
        services.AddSingleton(host.GetRequiredService<JobRequestReader>());
        services.AddSingleton(host.GetRequiredService<SourceRoots>());
        services.AddSingleton(host.GetRequiredService<IModelCatalog>());
        services.AddSingleton(host.GetRequiredService<TimeProvider>());
        services.AddSingleton(host.GetRequiredService<IChatEngine>());
        services.AddSingleton(host.GetRequiredService<IApiKeyStore>());
        services.AddSingleton(host.GetRequiredService<BatchConverter>());
        services.AddSingleton(host.GetRequiredService<BatchOutput>());
        services.AddSingleton(new ChatPictures(host.GetService<IPictureUrls>()));
    }

    private static void AddOwn(IServiceCollection services, IServiceProvider host, ApiOptions options, bool open)
    {
        services.AddSingleton(options).AddSingleton<JobDesk>().AddSingleton<JobDoor>().AddSingleton<JobRemover>().AddSingleton<JobCounter>().AddSingleton<JobEvents>().AddSingleton<ResultFiles>().AddSingleton<WorkEstimate>();
        services.AddSingleton<FileStore>().AddSingleton<FileQuota>().AddSingleton<FileUsers>().AddSingleton<FileUpload>().AddSingleton<UploadedRequests>();
        services.AddSingleton<IntakeKeys>().AddSingleton<BatchStore>().AddSingleton<BatchSteps>().AddSingleton<BatchDesk>().AddSingleton<BatchKeeper>().AddHostedService(static provider => provider.GetRequiredService<BatchKeeper>());
        services.AddSingleton<PictureDays>().AddHostedService<PictureKeeper>();
        services.Configure<HostOptions>(o => o.ShutdownTimeout = s_shutdown); // a stream of events does not hold up the end
        services.Configure<RouteHandlerOptions>(static o => o.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(static json =>
        {
            var (to, from) = (json.SerializerOptions, JobRequest.Json);
            (to.PropertyNamingPolicy, to.PropertyNameCaseInsensitive, to.NumberHandling, to.UnmappedMemberHandling, to.DefaultIgnoreCondition, to.AllowDuplicateProperties, to.Encoder) =
                (from.PropertyNamingPolicy, from.PropertyNameCaseInsensitive, from.NumberHandling, from.UnmappedMemberHandling, from.DefaultIgnoreCondition, from.AllowDuplicateProperties, ApiJson.Answers.Encoder);
        });
        services.AddRoutingCore().AddProblemDetails().AddOpenApi(static document => document.AddDocumentTransformer((about, _, _) =>
        {
            (about.Info.Title, about.Info.Version) = ("Dpvr", "1");
            return Task.CompletedTask;
        }));
        services.AddDpvrAuth(host.GetRequiredService<IApiKeyStore>(), host.GetRequiredService<IOptions<AuthOptions>>().Value, open);
        services.AddSingleton<UnknownCallers>().AddRateLimiter(limiter => CallRates.Configure(limiter, options));
    }

    private static void Order(WebApplication app, bool open)
    {
        app.UseMiddleware<ProblemMiddleware>();
        if (open)
            app.Use(static (context, next) => LocalCallers.Is(context.Request)
                ? next(context)
                : throw ApiProblemException.Of(403, "not_local", "This server asks for no key and therefore serves only this machine, and no web page.", "Host", context.Request.Host.Value, "localhost or 127.0.0.1, and no Origin of another site"));
        app.UseRouting();
        var unknown = app.Services.GetRequiredService<UnknownCallers>();
        if (!open) app.Use(unknown.AdmitAsync);
        app.UseAuthentication();
        if (!open) app.Use(unknown.RememberAsync);
        app.UseRateLimiter().UseAuthorization();
    }

    private static void Map(WebApplication app, ApiOptions options)
    {
        app.MapJobs(options);
        app.MapFiles(options);
        app.MapBatches(options);
        app.MapModels();
        app.MapChat(options);
        app.MapOpenApi("/openapi.json");
    }
}
