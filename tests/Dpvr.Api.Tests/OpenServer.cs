namespace Dpvr.Api.Tests;

/// <summary>One server on the loopback address without keys, for all tests of a class.</summary>
public sealed class OpenServer : IAsyncLifetime
{
    internal ApiHost Host { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Host = await ApiHost.StartAsync();
        Http = Host.Client();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
    }
}
