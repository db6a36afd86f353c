using Dpvr.Dashboard.Gallery;
using Dpvr.Dashboard.Hosting;
using Dpvr.Dashboard.Jobs;
using Dpvr.Dashboard.Models;
using Dpvr.Dashboard.NewJob;
using Dpvr.Dashboard.Pictures;
using Dpvr.Dashboard.Workers;
using Dpvr.Data.Sources;
using Dpvr.Silo.Api.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Cli.Web;

/// <summary>The dashboard beside the API, with its data from the store and the grains.</summary>
internal sealed class DashboardPart : IWebPart
{
    public void AddTo(IServiceCollection services, IServiceProvider host)
    {
        services.AddDpvrDashboard();
        services.AddSingleton(new PictureAccess(host.GetService<IPictureUrls>()));
        services.AddSingleton<JobCatalog>().AddSingleton<ShardLedgers>().AddSingleton<PlanReader>().AddSingleton<AnswerReader>().AddSingleton<WordSplitter>();
        services.AddSingleton<IJobFeed, JobFeed>().AddSingleton<IPictureSource, PictureShelf>().AddSingleton<IWorkerFeed, WorkerFeed>();
        services.AddSingleton<IGallery, GalleryReader>().AddSingleton<IJobForm, JobForm>().AddSingleton<IModelCards, ModelCards>();
    }

    public void Map(WebApplication app) => app.MapDpvrDashboard();
}
