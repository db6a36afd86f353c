using Dpvr.Silo.Chat;
using Dpvr.Silo.Models;
using Dpvr.Workers.Engine;
using Microsoft.Extensions.Hosting;

namespace Dpvr.Cli.Serve;

/// <summary>Loads the usual model while the host starts, with room for chats: jobs of the same model then share its engine.</summary>
internal sealed class EngineWarmUp(EngineHost engines, IModelCatalog models) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => engines.ForAsync(ChatSpecs.Usual(models.Choose(null, null, null)), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
