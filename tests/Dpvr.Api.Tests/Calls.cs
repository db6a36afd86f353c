using System.Net;
using System.Text;
using System.Text.Json;

namespace Dpvr.Api.Tests;

/// <summary>Calls with JSON on both sides.</summary>
internal static class Calls
{
    public static async Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> SendAsync(this HttpClient http, HttpMethod method, string path, string? body = null, string? key = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.StartsWith('{') ? JsonDocument.Parse(text).RootElement : default, answer);
    }

    public static Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> GetJsonAsync(this HttpClient http, string path) => http.SendAsync(HttpMethod.Get, path);

    public static Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Answer)> PostJsonAsync(this HttpClient http, string path, string body = "", string? key = null) => http.SendAsync(HttpMethod.Post, path, body, key);

    public static string Text(this JsonElement body, string name) => body.GetProperty(name).ToString();

    /// <summary>The events of a stream until it ends: name and data; comments as <c>:</c>.</summary>
    public static async Task<List<(string Event, string Data)>> EventsAsync(this HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (events, name) = (new List<(string, string)>(), "");
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith(':')) events.Add((":", line));
            else if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) events.Add((name, line[6..]));
        }
        return events;
    }
}
