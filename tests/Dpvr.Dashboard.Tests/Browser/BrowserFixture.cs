using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Dpvr.Dashboard.Tests.Browser;

/// <summary>A headless Chromium (the Debian package), started once. Tests are skipped where it is missing.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>Milliseconds after which something that is waited for does not come: a slow machine is no failure.</summary>
    internal const int Patience = 180_000;

    private const string Chromium = "/usr/bin/chromium";
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Chromium)) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Timeout = Patience,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A browser of its own, which notes every request to elsewhere and every error on the console.</summary>
    internal async Task<BrowserPage> OpenAsync(Uri server, int width = 1280, bool dark = false)
    {
        Assert.SkipUnless(_browser is not null, "chromium is not installed");
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 860 }, ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, BaseURL = server.ToString() });
        context.SetDefaultTimeout(Patience);
        return new BrowserPage(context, await context.NewPageAsync(), server);
    }
}
