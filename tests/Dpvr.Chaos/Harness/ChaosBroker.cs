using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Jobs;
using Dpvr.TestKit.Servers;

namespace Dpvr.Chaos.Harness;

/// <summary>A RabbitMQ beside a cluster whose silos take messages from it.</summary>
internal sealed class ChaosBroker : IAsyncDisposable
{
    private readonly string _picture;

    private ChaosBroker(RabbitServer server, ChaosInput input) => (Server, Options, _picture) = (server, OptionsOf(server, input), Path.GetFileName(Directory.EnumerateFiles(input.Folder, "*.png").First()));

    public RabbitServer Server { get; }

    public string Address => Server.ConnectionString;

    /// <summary>Clusters of which each silo takes messages.</summary>
    public ChaosOptions Options { get; }

    public static async Task<ChaosBroker> StartAsync(ChaosRun run)
    {
        Assert.SkipUnless(RabbitServer.Missing is null, RabbitServer.Missing ?? "");
        return new ChaosBroker(await RabbitServer.StartAsync(), run.Input);
    }

    /// <summary>The body of a job of one picture.</summary>
    public string Body(string key, string tag) =>
        $$$"""{"idempotency_key":"{{{key}}}","source":{{{Source}}},"sampling":{"max_new_tokens":4},"metadata":{"tag":"{{{tag}}}"}}""";

    /// <summary>The picture.</summary>
    public string Picture => _picture;

    private string Source => $$"""{"root":"pictures","globs":["{{_picture}}"]}""";

    /// <summary>The jobs of the store with their tags.</summary>
    public static async Task<List<(JobId Job, string Tag)>> JobsAsync(JobStore store)
    {
        var found = new List<(JobId, string)>();
        foreach (var job in await store.ListJobsAsync())
            if (await store.Blobs.GetAsync($"submitted/{job}.json") is { } blob && JsonDocument.Parse(blob.Bytes).RootElement.TryGetProperty("metadata", out var metadata))
                found.Add((job, metadata.GetProperty("tag").GetString()!));
        return found;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static ChaosOptions OptionsOf(RabbitServer server, ChaosInput input) => ChaosOptions.Bare with
    {
        SiloArguments = ["--bus", server.ConnectionString, "--bus-delivery-limit", "3", "--most-jobs", "100000", "--roots", $"pictures={input.Folder}", "--model", input.Model],
    };
}
