using Dpvr.Hosting.Auth;

namespace Dpvr.Dashboard.Tests.Browser;

/// <summary>Signing in, and a server that goes away and comes back.</summary>
public sealed class RestartTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Page_WhenTheServerIsStartedAgain_ComesBackSignedIn()
    {
        using var folder = new TempFolder();
        var key = "";
        var host = await DashboardHost.StartAsync(folder, keys: async keys => key = await DashboardHost.MakeKeyAsync(keys, ApiScope.Submit));
        var address = host.Address;
        try
        {
            await using var page = await browser.OpenAsync(address);
            await page.GoAsync("/workers", "Dpvr");
            await page.Page.GetByLabel("API key").FillAsync("dpvr_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
            await page.Button("Sign in").ClickAsync();
            await page.SeeAsync("The key is not valid.");
            await page.Page.GetByLabel("API key").FillAsync(key);
            await page.Button("Sign in").ClickAsync();
            await page.GoAsync("/workers", "Workers");
            await page.SeeAsync("images/s");

            await host.DisposeAsync();
            await page.Page.Locator("#components-reconnect-modal.components-reconnect-show, #components-reconnect-modal.components-reconnect-retrying").WaitForAsync();
            host = await DashboardHost.StartAsync(folder, address.Port);

            await page.Page.Locator("#components-reconnect-modal").WaitForAsync(new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
            await page.SeeAsync("images/s");
            await page.Link("Sign out").ClickAsync();
            await page.Button("Sign out").ClickAsync();
            await page.SeeAsync("This server asks for an API key.");
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task Job_WithAKeyThatMayOnlyRead_HasNoButtons()
    {
        using var folder = new TempFolder();
        var key = "";
        await using var host = await DashboardHost.StartAsync(folder, keys: async keys => key = await DashboardHost.MakeKeyAsync(keys, ApiScope.Read));
        await using var page = await browser.OpenAsync(host.Address);
        await page.GoAsync("/new", "Dpvr");
        await page.Page.GetByLabel("API key").FillAsync(key);
        await page.Button("Sign in").ClickAsync();
        await page.SeeHeadingAsync("New job");
        (await page.Button("Start the job").IsDisabledAsync()).Should().BeTrue();
        await page.Button("Try it on 8 pictures").ClickAsync();
        await page.SeeAsync("This needs a key with the scope 'submit'.");
    }
}
