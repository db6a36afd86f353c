using Dpvr.Cli.Tests;
using Dpvr.Contracts.Jobs;
using Dpvr.Model.Checkpoints;
using Dpvr.TestKit.Processes;

namespace Dpvr.Chaos.Harness;

/// <summary>What every test works on, made once: pictures that are all different, and a model that loads in milliseconds.</summary>
public sealed class ChaosInput : IAsyncLifetime, IDisposable
{
    /// <summary>Pictures of the folder.</summary>
    public const int Pictures = 200;

    private readonly TempFolder _folder = new();
    private readonly TinyModel _model = new();
    private string _revision = "";

    /// <summary>The pictures.</summary>
    public string Folder => _folder.Of("pictures");

    /// <summary>The checkpoint.</summary>
    public string Model => _model.Folder;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (DpvrProcess.Missing is not null) return;
        using (var make = DpvrProcess.Start("scenes", "generate", Folder, "--count", $"{Pictures}", "--size", "56", "--format", "png"))
        {
            var end = await make.EndAsync();
            if (end.Code != 0) throw new InvalidOperationException(end.Out + end.Error);
        }
        using var checkpoint = Checkpoint.Open(Model);
        _revision = checkpoint.Revision;
    }

    /// <summary>A job over the first pictures, in small shards.</summary>
    /// <param name="globs">Which pictures; none: all.</param>
    public JobSpec Job(params string[] globs) => new()
    {
        Source = new SourceSpec { Root = Folder, Globs = globs },
        Prompts = [new PromptSpec("caption", "describe the image")],
        Model = new ModelSpec("tiny", Model, _revision),
        Sampling = new SamplingSpec { MaxNewTokens = 24 },
        Output = new OutputSpec { Location = "" },
        BatchSize = 4,
        ShardSize = 4,
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }
}
