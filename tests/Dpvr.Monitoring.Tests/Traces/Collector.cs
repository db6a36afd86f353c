using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Dpvr.Monitoring.Tests.Traces;

/// <summary>Takes traces as an OpenTelemetry collector would: OTLP, protobuf over HTTP. Reads the few fields that tests look at.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly WebApplication _web;

    private Collector()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        _web = builder.Build();
        _web.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            if (context.Request.Path == "/v1/traces") Read(body.ToArray(), depth: 0);
        });
    }

    public Uri Address => new(_web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IReadOnlyCollection<Span> Spans => _spans;

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        await collector._web.StartAsync();
        return collector;
    }

    // Field numbers of opentelemetry/proto/trace/v1: resource_spans = 1, scope_spans = 2, spans = 2.
    private void Read(byte[] message, int depth)
    {
        int[] way = [1, 2, 2];
        var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) != way[depth] || WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited) input.SkipLastField();
            else if (depth < 2) Read(input.ReadBytes().ToByteArray(), depth + 1);
            else _spans.Enqueue(Span.Read(input.ReadBytes().ToByteArray()));
        }
    }

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
