using Dpvr.Model.Tokens;

namespace Dpvr.Cli.Tests;

/// <summary>A model folder that loads in milliseconds: the golden model with random weights, and a tokenizer for it. What it says is noise, always the same.</summary>
public sealed class TinyModel : IDisposable
{
    private static readonly string[] Corpus = ["describe the image", "what colour is the circle", "a red circle and a blue square on a grey ground"];

    public TinyModel()
    {
        var golden = Path.Combine(Repository.Root, "tests", "golden", "tiny-a", "model");
        foreach (var file in Directory.EnumerateFiles(golden)) File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        BpeTrainer.Train(Corpus, Folder, new BpeTrainerOptions { VocabularySize = 300 });
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("dpvr-tiny-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
