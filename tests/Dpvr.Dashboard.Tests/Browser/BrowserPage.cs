using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Dpvr.Dashboard.Tests.Browser;

/// <summary>A page and what went wrong on it.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public BrowserPage(IBrowserContext context, IPage page, Uri server)
    {
        (_context, Page) = (context, page);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(server.ToString(), StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal)) Wrong.Enqueue($"asked {request.Url}");
        };
        page.Console += (_, message) =>
        {
            if (message.Type == "error") Wrong.Enqueue(message.Text);
        };
        page.PageError += (_, error) => Wrong.Enqueue(error);
    }

    public IPage Page { get; }

    /// <summary>Requests to other servers, errors of scripts and of the policy.</summary>
    public ConcurrentQueue<string> Wrong { get; } = new();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true });

    /// <summary>Goes to a path and waits for its heading.</summary>
    public async Task GoAsync(string path, string? heading = null)
    {
        await Page.GotoAsync(path);
        await SeeHeadingAsync(heading);
    }

    public Task SeeHeadingAsync(string? heading = null) => Page.Locator("h1", heading is null ? null : new PageLocatorOptions { HasTextString = heading }).WaitForAsync();

    /// <summary>Waits until the page says a text.</summary>
    public Task SeeAsync(string text) => Page.GetByText(text).First.WaitForAsync();

    /// <summary>Waits for a job's state.</summary>
    public Task SeeStatusAsync(string status) => Page.Locator(".head .chip", new PageLocatorOptions { HasTextString = status }).WaitForAsync();

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
