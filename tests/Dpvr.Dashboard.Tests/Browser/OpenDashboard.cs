using System.Net.Http.Json;
using System.Text.Json;

namespace Dpvr.Dashboard.Tests.Browser;

/// <summary>One server on the loopback address without keys, with a job over the sample scenes and a broken picture that has ended.</summary>
public sealed class OpenDashboard : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private HttpClient _http = null!;

    internal DashboardHost Host { get; private set; } = null!;

    internal Uri Address => Host.Address;

    /// <summary>A job that has ended, one picture of which failed.</summary>
    internal string Ended { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var pictures = Directory.CreateDirectory(_folder.Of("pictures")).FullName;
        foreach (var file in Directory.EnumerateFiles(DashboardHost.Scenes, "test-*").Order(StringComparer.Ordinal).Take(20)) File.Copy(file, Path.Combine(pictures, Path.GetFileName(file)));
        await File.WriteAllTextAsync(Path.Combine(pictures, "broken <b>.jpg"), "<html>no picture</html>");
        Host = await DashboardHost.StartAsync(_folder, roots: new Dictionary<string, string> { ["scenes"] = DashboardHost.Scenes, ["some"] = pictures });
        _http = new HttpClient { BaseAddress = Address };
        Ended = await SubmitAsync("some", [("caption", "Describe the image."), ("count", "How many objects are there?")]);
        using var events = await _http.GetStreamAsync($"/api/jobs/{Ended}/events"); // until the job has ended
        await events.CopyToAsync(Stream.Null);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Host.DisposeAsync();
        _folder.Dispose();
    }

    internal async Task<string> SubmitAsync(string root, IEnumerable<(string Name, string Text)> prompts, string routing = "dpvr-lf")
    {
        var body = new { source = new { root }, routing, prompts = prompts.Select(static p => new { name = p.Name, text = p.Text }), sampling = new { token_logprobs = true } };
        var answer = await _http.PostAsJsonAsync("/api/jobs", body);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>A job that takes minutes unless it is cancelled: as many prompts as there may be, each with a long answer.</summary>
    internal Task<string> SubmitLongAsync() => SubmitAsync("scenes", Enumerable.Range(0, 64).Select(static n => ($"q{n}", $"Describe the image for place {n}.")));
}
