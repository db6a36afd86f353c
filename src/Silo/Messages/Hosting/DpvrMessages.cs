using Dpvr.Contracts.Messages;
using Dpvr.Silo.Api;
using Dpvr.Silo.Api.Files;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Messages.Counts;
using Dpvr.Silo.Messages.Jobs;
using Dpvr.Silo.Messages.Replies;
using Dpvr.Silo.Messages.Windows;
using MassTransit;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Hosting;

/// <summary>Puts the consumers of messages into a host with a silo.</summary>
public static class DpvrMessages
{
    private const string Check = "bus", TroubleCheck = "queues";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    // A submission that waits for room is then told to stop: its message goes back to the queue.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Adds them. The host brings a store, a silo and what <c>AddDpvrApi</c> adds (a catalogue of models, roots).</summary>
    /// <param name="services">The host's services, after the silo's: what starts later stops earlier.</param>
    /// <param name="broker">The RabbitMQ; null keeps messages in this process.</param>
    /// <param name="configure">Further options.</param>
    public static IServiceCollection AddDpvrMessages(this IServiceCollection services, BusAddress? broker, Action<BusOptions>? configure = null)
    {
        services.AddOptions<BusOptions>().Configure(options =>
        {
            options.Broker = broker;
            configure?.Invoke(options);
        }).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BusOptions>, BusOptionsValidator>());
        services.AddSingleton<BusOwner>().AddSingleton<BusRecords>().AddSingleton<Answers>();
        services.AddSingleton<FileStore>().AddSingleton<UploadedRequests>().AddSingleton<SubmissionQueue>();
        services.AddSingleton(static provider => ActivatorUtilities.CreateInstance<JobDoor>(provider, provider.GetRequiredService<IOptions<ApiOptions>>().Value));
        services.AddSingleton<JobNotes>().AddSingleton<JobActions>().AddHostedService<JobWatch>();
        services.AddSingleton<WindowWriter>().AddSingleton<WindowAnswers>().AddSingleton<WindowGatherer>().AddSingleton(static provider => new WindowRoom(provider.GetRequiredService<IOptions<BusOptions>>().Value.WindowsFor(0))).AddSingleton<PictureReader>();
        services.AddHostedService<Adoption>();
        AddBroker(services, broker);
        AddBus(services, broker);
        services.AddSingleton<PictureQueue>().AddHostedService(static provider => provider.GetRequiredService<PictureQueue>()); // after the bus, which it stops before
        return services;
    }

    private static void AddBroker(IServiceCollection services, BusAddress? broker)
    {
        services.AddSingleton<QueueCounts>();
        if (broker is null) return;
        services.AddSingleton(broker).AddSingleton<BrokerConnection>().AddSingleton<BusInstruments>().AddHostedService<QueueWatch>();
        services.AddHealthChecks().AddCheck<QueueCheck>(TroubleCheck, HealthStatus.Degraded);
    }

    private static void AddBus(IServiceCollection services, BusAddress? broker) => services.AddMassTransit(bus =>
    {
        bus.AddConsumer<SubmitJobConsumer, SubmitJobDefinition>();
        bus.AddConsumer<CancelJobConsumer, CancelJobDefinition>();
        bus.AddConsumer<PauseJobConsumer, PauseJobDefinition>();
        bus.AddConsumer<ResumeJobConsumer, ResumeJobDefinition>();
        bus.AddConsumer<CaptionImageConsumer, CaptionImageDefinition>().ExcludeFromConfigureEndpoints(); // PictureQueue connects it
        // A broker that is away is no reason to send nobody here any more: what runs goes on.
        bus.ConfigureHealthCheckOptions(static check => (check.Name, check.MinimalFailureStatus) = (Check, HealthStatus.Degraded));
        bus.AddOptions<MassTransitHostOptions>().Configure(static host => (host.ConsumerStopTimeout, host.StopTimeout) = (s_grace, s_patience));
        if (broker is null) bus.UsingInMemory(static (context, memory) => memory.ConfigureEndpoints(context));
        else bus.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(broker.Host, (ushort)broker.Port, broker.VirtualHost, host =>
            {
                host.PublisherConfirmation = true;
                host.Heartbeat(s_heartbeat);
                host.Username(broker.User);
                host.Password(broker.Password);
                host.ConnectionName("dpvr");
                if (broker.IsSecure) host.UseSsl(static tls => tls.Protocol = System.Security.Authentication.SslProtocols.None); // what the system thinks safe
            });
            // Bodies without an envelope, as other languages send them; a message whose header names a type that is not the queue's is skipped.
            rabbit.UseRawJsonDeserializer(RawSerializerOptions.AddTransportHeaders, isDefault: true);
            // Exchanges of events are there from the start, so that whoever comes first can bind a queue to them.
            rabbit.DeployPublishTopology = true;
            rabbit.Publish<JobAccepted>(static _ => { });
            rabbit.Publish<JobRejected>(static _ => { });
            rabbit.Publish<JobProgressed>(static _ => { });
            rabbit.Publish<JobCompleted>(static _ => { });
            rabbit.Publish<JobFailed>(static _ => { });
            rabbit.Publish<ImageCaptioned>(static _ => { });
            rabbit.ConfigureEndpoints(context);
        });
    });
}
