using Dpvr.Contracts.Results;
using Dpvr.Workers.Engine;
using Dpvr.Workers.Pictures;

namespace Dpvr.Workers.Tests.Engine;

/// <summary>
/// Answers with what it was asked, "{prompt} {first bytes of the picture's SHA-256}", a few steps after it was asked; fails where a test says so.
/// </summary>
internal sealed class TestEngine : ICaptionEngine
{
    private readonly List<(EngineRequest Request, int Left)> _live = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private int _steps;

    public int Slots { get; init; } = 4;
    public int StepsPerRequest { get; init; } = 2;

    /// <summary>Called with each request before it is taken.</summary>
    public Action<EngineRequest>? OnSubmit { get; init; }

    /// <summary>Called before each step; may throw.</summary>
    public Action<IReadOnlyList<EngineRequest>>? OnStep { get; init; }

    /// <summary>The error of a request, or null.</summary>
    public Func<EngineRequest, ItemError?> ErrorOf { get; init; } = _ => null;

    public IPicturePreparer Pictures { get; init; } = new TestPictures();
    public int MostLive { get; private set; }
    public int Submitted { get; private set; }
    public bool IsDisposed { get; private set; }

    public Action? OnDispose { get; init; }

    /// <summary>What it says of itself after a number of steps.</summary>
    public Func<int, EngineLoad> LoadAfter { get; init; } = _ => default;

    public long? FreeBytes { get; init; }

    public EngineLoad Load => LoadAfter(_steps);

    public EngineDescription Description => new() { Model = "test", Revision = "r1", Routing = "dense", Device = "cpu", Dtype = "float32", Slots = Slots };
    public int FreeSlots => Slots - _live.Count;
    public bool IsIdle => _live.Count == 0;

    public void Submit(EngineRequest request)
    {
        SameThread();
        if (FreeSlots <= 0) throw new InvalidOperationException("No slot is free.");
        OnSubmit?.Invoke(request);
        _live.Add((request, StepsPerRequest));
        Submitted++;
        MostLive = Math.Max(MostLive, _live.Count);
    }

    public IReadOnlyList<EngineCompletion> Step()
    {
        SameThread();
        OnStep?.Invoke([.. _live.Select(l => l.Request)]);
        _steps++;
        for (var i = 0; i < _live.Count; i++) _live[i] = (_live[i].Request, _live[i].Left - 1);
        var ended = _live.Where(l => l.Left <= 0).Select(l => l.Request).ToList();
        _live.RemoveAll(l => l.Left <= 0);
        return [.. ended.Select(Complete)];
    }

    private EngineCompletion Complete(EngineRequest request) => new()
    {
        Id = request.Id,
        Text = TextOf(request.Prompt, request.Picture.Sha256),
        Tokens = new TokenCounts(10, 3),
        Logprob = -0.5,
        Prefill = TimeSpan.FromMilliseconds(1),
        Generate = TimeSpan.FromMilliseconds(2),
        Error = ErrorOf(request),
    };

    public static string TextOf(string prompt, string sha256) => $"{prompt} {sha256[..8]}";

    private void SameThread()
    {
        if (Environment.CurrentManagedThreadId != _thread) throw new InvalidOperationException("An engine belongs to one thread.");
    }

    public void Dispose()
    {
        SameThread();
        IsDisposed = true;
        OnDispose?.Invoke();
    }
}
