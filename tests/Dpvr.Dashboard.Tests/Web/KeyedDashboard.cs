using Dpvr.Hosting.Auth;

namespace Dpvr.Dashboard.Tests.Web;

/// <summary>A server that asks for a key, with one that may read.</summary>
public sealed class KeyedDashboard : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private DashboardHost _host = null!;

    internal string Key { get; private set; } = "";

    /// <summary>Follows nowhere and keeps no cookies.</summary>
    internal HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await DashboardHost.StartAsync(_folder, keys: async keys => Key = await DashboardHost.MakeKeyAsync(keys, ApiScope.Read));
        Http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = _host.Address };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.DisposeAsync();
        _folder.Dispose();
    }
}
