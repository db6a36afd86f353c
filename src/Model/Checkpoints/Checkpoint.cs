using static TorchSharp.torch;

namespace Dpvr.Model.Checkpoints;

/// <summary>
/// A model folder in the layout of <c>llava-hf/llava-1.5-7b-hf</c>, opened: configuration, weights (one file or shards,
/// older or newer names), and the trained side branch if there is one. After <see cref="Open"/> every tensor that the
/// configuration asks for is known to be there with its shape, and no other.
/// </summary>
public sealed class Checkpoint : IWeights, IDisposable
{
    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, (SafetensorsFile File, string Stored)> _tensors = new(StringComparer.Ordinal);
    private readonly SideBranchFiles? _sideBranch;
    private readonly Lazy<string> _revision;

    private Checkpoint(string folder, string? sha256, SideBranchFiles? sideBranchFiles)
    {
        Folder = folder;
        _revision = new Lazy<string>(() => CheckpointRevision.Compute(Folder, _sideBranch?.Config, _files));
        try
        {
            CheckpointFiles.Open(folder, _files);
            Config = LlavaConfig.Load(folder);
            Generation = GenerationConfig.Load(folder);
            Pin(sha256);
            foreach (var file in _files) AddTensors(file);
            RequireExactly(CheckpointLayout.Required(Config), CheckpointLayout.Optional(Config), folder, n => !IsSideBranch(n));

            _sideBranch = sideBranchFiles ?? SideBranchFiles.Find(folder);
            if (_sideBranch is not null) Dpvr = OpenSideBranch(_sideBranch);
            foreach (var name in _tensors.Keys)
                if (Dpvr is null && IsSideBranch(name)) throw Refuse(name, $"is there without {DpvrConfig.FileName}.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The model folder.</summary>
    public string Folder { get; }

    public LlavaConfig Config { get; }

    public GenerationConfig Generation { get; }

    /// <summary>The routing plan of the side branch; null when the checkpoint has none.</summary>
    public DpvrConfig? Dpvr { get; }

    /// <summary>Names of all tensors, as <see cref="CopyInto"/> takes them.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Bytes of all weight files.</summary>
    public long WeightBytes => _files.Sum(f => f.Size);

    /// <summary>
    /// A content id (64 hex digits), the same wherever the folder lies; part of the identity of work. It covers the
    /// configuration, tokenizer and preprocessor files whole, and of each weight file the size, the header and the data:
    /// whole up to 64 MiB, else three samples of 4 KiB of every tensor, so that it is cheap for 14 GB. It is no proof
    /// against a forger; for that there is the SHA-256 pin of <see cref="Open"/>. Computed on first use.
    /// </summary>
    public string Revision => _revision.Value;

    /// <summary>Opens and checks a model folder.</summary>
    /// <param name="folder">Holds <c>config.json</c> and <c>model.safetensors</c>, or shards with <c>model.safetensors.index.json</c>.</param>
    /// <param name="sha256">
    /// Optional pin of the model's weights, 64 hex digits: the SHA-256 of <c>model.safetensors</c>, or for shards the output
    /// of <c>sha256sum model-*.safetensors | sha256sum</c> run in the folder. Reads all weights once.
    /// </param>
    /// <param name="sideBranch">A side branch elsewhere; null looks beside the model's files and in <c>dpvr/</c> below them.</param>
    /// <exception cref="CheckpointException">Something is missing, superfluous or unsound; the message names file and tensor.</exception>
    public static Checkpoint Open(string folder, string? sha256 = null, SideBranchFiles? sideBranch = null) => new(folder, sha256, sideBranch);

    public bool Contains(string name) => _tensors.ContainsKey(name) || IsTiedHead(name);

    /// <summary>Shape of a tensor.</summary>
    public IReadOnlyList<long> ShapeOf(string name) => Find(name) is var (file, stored) ? file.Tensors[stored].Shape : [];

    public void CopyInto(string name, Tensor destination)
    {
        var (file, stored) = Find(name);
        file.CopyInto(stored, destination);
    }

    /// <summary>Refuses a tokenizer with more ids than the embedding has rows. Fewer are fine: embeddings are often padded.</summary>
    public void RequireVocabulary(int tokenizerSize)
    {
        if (tokenizerSize > Config.Text.VocabularySize)
            throw Refuse(CheckpointLayout.Embedding, $"has {Config.Text.VocabularySize} rows, but the tokenizer has {tokenizerSize} ids; allowed: at most one id per row. The tokenizer belongs to another model.");
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private DpvrConfig OpenSideBranch(SideBranchFiles side)
    {
        var config = DpvrConfig.LoadFile(side.Config, Config.Text.Layers);
        var file = SafetensorsFile.Open(side.Weights);
        _files.Add(file);
        foreach (var name in file.Tensors.Keys)
            if (!IsSideBranch(name)) throw new CheckpointException($"{side.Weights}: tensor '{name}' does not belong to a side branch; allowed: {CheckpointLayout.SideBranch}….");
        AddTensors(file);
        RequireExactly(CheckpointLayout.RequiredSideBranch(Config), new Dictionary<string, long[]>(), side.Weights, IsSideBranch);
        return config;
    }

    private void AddTensors(SafetensorsFile file)
    {
        foreach (var stored in file.Tensors.Keys)
        {
            var name = CheckpointLayout.NameOf(stored);
            if (CheckpointLayout.IsBuffer(name)) continue;
            if (!_tensors.TryAdd(name, (file, stored)))
                throw new CheckpointException($"{file.Path}: tensor '{stored}' is also there as '{_tensors[name].Stored}' in {Path.GetFileName(_tensors[name].File.Path)}.");
        }
    }

    private void RequireExactly(
        IReadOnlyDictionary<string, long[]> required, IReadOnlyDictionary<string, long[]> optional, string place, Func<string, bool> concerns)
    {
        foreach (var name in required.Keys)
            if (!_tensors.ContainsKey(name)) throw new CheckpointException($"{place}: tensor '{name}' {TensorEntry.Describe(required[name])} is missing.");
        foreach (var (name, (file, stored)) in _tensors.Where(t => concerns(t.Key)))
        {
            if (!required.TryGetValue(name, out var shape) && !optional.TryGetValue(name, out shape))
                throw Refuse(name, "is not part of this model: config.json asks for no such tensor.");
            var entry = file.Tensors[stored];
            if (!entry.Shape.SequenceEqual(shape))
                throw Refuse(name, $"has shape {TensorEntry.Describe(entry.Shape)}, but config.json asks for {TensorEntry.Describe(shape)}.");
            if (entry.Type is not (ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
                throw Refuse(name, $"has dtype {SafetensorsType.NameOf(entry.Type)}; allowed for weights: F32, F16, BF16.");
        }
    }

    private void Pin(string? sha256)
    {
        if (sha256 is null) return;
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigit)) throw new CheckpointException($"{Folder}: the SHA-256 pin '{sha256}' is not 64 hex digits.");
        var found = CheckpointRevision.ComputeFull(_files);
        if (!found.Equals(sha256, StringComparison.OrdinalIgnoreCase))
            throw new CheckpointException($"{Folder}: the weights have SHA-256 {found}, but {sha256.ToLowerInvariant()} is pinned.");
    }

    /// <summary>A tied head is the embedding, whatever the file holds for it, as in transformers.</summary>
    private bool IsTiedHead(string name) => name == CheckpointLayout.Head && Config.Text.TieWordEmbeddings;

    private static bool IsSideBranch(string name) => name.StartsWith(CheckpointLayout.SideBranch, StringComparison.Ordinal);

    private (SafetensorsFile File, string Stored) Find(string name) =>
        _tensors.TryGetValue(IsTiedHead(name) ? CheckpointLayout.Embedding : name, out var found)
            ? found : throw new CheckpointException($"{Folder}: tensor '{name}' is missing.");

    private CheckpointException Refuse(string name, string what)
    {
        var (file, stored) = _tensors[name];
        return new CheckpointException($"{file.Path}: tensor '{stored}' {what}");
    }
}
