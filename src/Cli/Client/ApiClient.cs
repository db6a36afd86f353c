using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Api.Problems;
using Dpvr.Silo.Intake;

namespace Dpvr.Cli.Client;

/// <summary>Calls a server's <c>/api/jobs</c>.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(100);
    private readonly HttpClient _http;
    private readonly Uri _server;

    public ApiClient(Uri server, string? key)
    {
        _server = new Uri(server.ToString().TrimEnd('/') + "/");
        // Redirects would carry the key elsewhere.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) }) { BaseAddress = _server, Timeout = Timeout.InfiniteTimeSpan };
        if (key is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public Task<JobView> SubmitAsync(JobRequest request, string? key, CancellationToken cancellationToken) => CallAsync<JobView>(HttpMethod.Post, "api/jobs", request, key, cancellationToken);

    public Task<JobPlanView> PlanAsync(JobRequest request, CancellationToken cancellationToken) => CallAsync<JobPlanView>(HttpMethod.Post, "api/jobs/plan", request, null, cancellationToken);

    public Task<JobView> ReadAsync(string job, CancellationToken cancellationToken) => CallAsync<JobView>(HttpMethod.Get, $"api/jobs/{Uri.EscapeDataString(job)}", null, null, cancellationToken);

    /// <summary>One of pause, resume, cancel, retry.</summary>
    public Task<JobView> ActAsync(string job, string action, CancellationToken cancellationToken) => CallAsync<JobView>(HttpMethod.Post, $"api/jobs/{Uri.EscapeDataString(job)}/{action}", null, null, cancellationToken);

    /// <summary>Deletes a job that has ended.</summary>
    public Task<DeletedJob> DeleteAsync(string job, CancellationToken cancellationToken) => CallAsync<DeletedJob>(HttpMethod.Delete, $"api/jobs/{Uri.EscapeDataString(job)}", null, null, cancellationToken);

    /// <summary>A job's states as they change, until its end or until the connection is lost.</summary>
    public async IAsyncEnumerable<JobView> EventsAsync(string job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"api/jobs/{Uri.EscapeDataString(job)}/events"), cancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        while (true)
        {
            string? line;
            try
            {
                line = await reader.ReadLineAsync(cancellationToken);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                yield break; // whoever watches asks again
            }
            if (line is null) yield break;
            if (line.StartsWith("data: ", StringComparison.Ordinal) && JsonSerializer.Deserialize<JobView>(line.AsSpan(6), JobRequest.Json) is { } view) yield return view;
        }
    }

    /// <summary>A file of results; null when the job has none.</summary>
    public async Task<bool> DownloadAsync(string job, string file, string path, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"api/jobs/{Uri.EscapeDataString(job)}/results/{file}"), cancellationToken, HttpStatusCode.Conflict);
        if (!answer.IsSuccessStatusCode) return false;
        var part = path + ".part";
        await using (var to = new FileStream(part, FileMode.Create, FileAccess.Write)) await answer.Content.CopyToAsync(to, cancellationToken);
        File.Move(part, path, overwrite: true);
        return true;
    }

    private async Task<T> CallAsync<T>(HttpMethod method, string path, JobRequest? body, string? key, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = JsonContent.Create(body, options: JobRequest.Json);
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var answer = await SendAsync(request, patience.Token);
        return await answer.Content.ReadFromJsonAsync<T>(JobRequest.Json, patience.Token) ?? throw new ServerException($"{_server} answered nothing.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken, HttpStatusCode? alsoGood = null)
    {
        try
        {
            using (request)
            {
                var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if (answer.IsSuccessStatusCode || answer.StatusCode == alsoGood) return answer;
                using (answer) throw await RefusalAsync(answer, cancellationToken);
            }
        }
        catch (HttpRequestException e)
        {
            throw new ServerException($"the server {_server} does not answer: {e.Message}", e);
        }
    }

    private async Task<Exception> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        var status = (int)answer.StatusCode;
        string said;
        try
        {
            said = JsonSerializer.Deserialize<ApiProblem>(text, JobRequest.Json)?.Detail ?? $"status {status}";
        }
        catch (JsonException)
        {
            said = $"status {status}, from something that is no dpvr server"; // a proxy, perhaps
        }
        return status is >= 400 and < 500 and not 429 ? new UsageException($"the server refuses: {said}") : new ServerException($"the server {_server} could not do it: {said}");
    }

    public void Dispose() => _http.Dispose();
}
