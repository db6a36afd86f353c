using System.Runtime.CompilerServices;
using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Dashboard.NewJob;
using Dpvr.Data.Blobs;
using Dpvr.Data.Sources;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Models;

namespace Dpvr.Cli.Web;

/// <summary>New jobs through the same door as the API's; tries through the chat's engine.</summary>
internal sealed class JobForm(SourceRoots roots, IModelCatalog models, JobDoor door, JobCounter counter, IChatEngine chat, IBlobStore blobs, PictureAccess access, TimeProvider time) : IJobForm
{
    private const int SmallSide = 256;

    public IReadOnlyCollection<string> Roots => roots.Names;

    public IReadOnlyList<(string Model, IReadOnlyList<string> Routings)> Models => [.. models.Models.Select(static m => (m.Name, m.Routings))];

    public Task<DraftEstimate> EstimateAsync(JobDraft draft, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var plan = await counter.CountAsync(Request(draft), cancellationToken);
        return new DraftEstimate(plan.Images, plan.Unreadable, plan.Bytes, plan.Requests, plan.EngineSeconds, plan.EstimateFrom);
    });

    public async IAsyncEnumerable<DraftTry> TryAsync(JobDraft draft, int pictures, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var spec = await GuardAsync(() => door.ReadAsync(Request(draft), cancellationToken));
        var source = await GuardAsync(() => Task.FromResult(DatasetReaders.Open(spec.Source, new SourceAccess { Store = blobs, Urls = access.Urls })));
        var items = await GuardAsync(async () => await source.ListAsync(cancellationToken).Take(pictures).ToListAsync(cancellationToken));
        if (items.Count == 0) throw new DraftRefusedException("There is no picture in this folder.");
        foreach (var item in items) yield return await GuardAsync(() => TryAsync(spec, source, item, cancellationToken));
    }

    public Task<JobId> SubmitAsync(JobDraft draft, string key, string by, CancellationToken cancellationToken) =>
        GuardAsync(async () => (await door.SubmitAsync(Request(draft), key, null, by, cancellationToken)).Job);

    private async Task<DraftTry> TryAsync(JobSpec spec, IDatasetReader source, ShardItem item, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var read = await source.ReadAsync(item, cancellationToken);
        if (read.Error is { } unreadable) return new DraftTry(item.CustomId, null, [(unreadable.Code, unreadable.Message, true)], 0);
        var picture = await Task.Run(() => PictureShelf.Make(read.Bytes, SmallSide), cancellationToken);
        var answers = new List<(string, string, bool)>();
        foreach (var prompt in spec.Prompts)
        {
            var ask = new ChatAsk { Model = new ModelChoice(spec.Model, spec.Routing), Picture = read.Bytes, Prompt = prompt.Text, Sampling = spec.Sampling };
            var answer = await chat.AnswerAsync(ask, null, cancellationToken);
            answers.Add(answer.Error is { } error ? (prompt.Name, $"{error.Code}: {error.Message}", true) : (prompt.Name, answer.Text, false));
        }
        return new DraftTry(item.CustomId, picture, answers, time.GetElapsedTime(began).TotalSeconds);
    }

    private static JobRequest Request(JobDraft draft) => new()
    {
        Source = new SourceRequest
        {
            Root = draft.Root,
            Path = string.IsNullOrWhiteSpace(draft.Path) ? null : draft.Path.Trim(),
            Globs = string.IsNullOrWhiteSpace(draft.Globs) ? null : draft.Globs.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Recursive = draft.Recursive ? true : null,
        },
        Prompts = [.. draft.Prompts.Select(static p => new PromptRequest(p.Name.Trim(), p.Text))],
        Model = draft.Model,
        Routing = draft.Routing,
        Sampling = new SamplingRequest { MaxNewTokens = draft.MaxNewTokens, Temperature = draft.Temperature, TokenLogprobs = draft.TokenLogprobs },
        Outputs = new OutputsRequest(draft.Sidecars),
        Weight = draft.Weight,
    };

    private async Task<T> GuardAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (e is RefusedException or DatasetException or TooManyJobsException or IntakeConflictException or ChatUnavailableException)
        {
            throw new DraftRefusedException(roots.Hide(e.Message), e);
        }
    }
}
