using System.Text.Json;
using NetVips;

namespace Dpvr.Scenes;

/// <summary>
/// Writes scenes as a folder of pictures with metadata.jsonl (ground truth, one line a picture) and, on request, conversations.json.
/// The same options give the same pixels; a run that was stopped goes on where it was, and a larger count adds to the folder.
/// </summary>
public static class SceneDataset
{
    /// <summary>Name of the ground-truth file.</summary>
    public const string MetadataFile = "metadata.jsonl";

    /// <summary>Name of the file of LLaVA conversations.</summary>
    public const string ConversationsFile = "conversations.json";

    /// <summary>Names the options a folder was made with, written first, so that a folder never mixes two kinds.</summary>
    public const string OptionsFile = "scenes.json";

    /// <summary>Name of a scene's picture, "test-000007.jpg".</summary>
    public static string FileName(SceneSplit split, long index, SceneFormat format) =>
        $"{split.ToString().ToLowerInvariant()}-{index:D6}.{(IsJpeg(index, format) ? "jpg" : "png")}";

    /// <summary>Writes what is missing of the data set.</summary>
    /// <param name="folder">Made if need be.</param>
    /// <param name="options">What to write.</param>
    /// <param name="progress">Told the number of pictures that are done.</param>
    /// <param name="cancellationToken">Stops between two pictures; the same call later goes on.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The folder holds scenes of other options.</exception>
    public static async Task WriteAsync(
        string folder, SceneDatasetOptions options, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        if (options.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(options));
        Directory.CreateDirectory(folder);
        await ClaimAsync(folder, options, cancellationToken);

        var done = 0;
        var parallel = new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForAsync(options.Start, options.Start + options.Count, parallel, async (index, token) =>
        {
            var path = Path.Combine(folder, FileName(options.Split, index, options.Format));
            if (!File.Exists(path))
                await ReplaceAsync(path, stream => stream.WriteAsync(Encode(options, index), token).AsTask());
            progress?.Report(Interlocked.Increment(ref done));
        });

        await ReplaceAsync(Path.Combine(folder, MetadataFile), stream => WriteMetadataAsync(stream, options, cancellationToken));
        if (options.Conversations)
            await ReplaceAsync(Path.Combine(folder, ConversationsFile), stream => ConversationWriter.WriteAsync(stream, options, cancellationToken));
    }

    /// <summary>The scenes of a data set with their files' names.</summary>
    public static IEnumerable<(Scene Scene, string FileName)> Scenes(SceneDatasetOptions options)
    {
        for (var i = 0; i < options.Count; i++)
            yield return (SceneGenerator.Generate(options.Split, options.Start + i), FileName(options.Split, options.Start + i, options.Format));
    }

    /// <summary>A picture file's bytes.</summary>
    internal static byte[] Encode(SceneDatasetOptions options, long index)
    {
        var pixels = SceneRenderer.Render(SceneGenerator.Generate(options.Split, index), options.Size);
        using var raw = Image.NewFromMemoryCopy(pixels, options.Size, options.Size, 3, Enums.BandFormat.Uchar);
        using var image = raw.Copy(interpretation: Enums.Interpretation.Srgb);
        return IsJpeg(index, options.Format)
            ? image.JpegsaveBuffer(q: options.JpegQuality, optimizeCoding: true, subsampleMode: Enums.ForeignSubsample.Off, keep: Enums.ForeignKeep.None)
            : image.PngsaveBuffer(compression: 9, filter: Enums.ForeignPngFilter.All, keep: Enums.ForeignKeep.None);
    }

    private static bool IsJpeg(long index, SceneFormat format) =>
        format == SceneFormat.Jpeg || format == SceneFormat.Alternate && index % 2 != 0;

    private static async Task ClaimAsync(string folder, SceneDatasetOptions options, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, OptionsFile);
        var mine = JsonSerializer.Serialize(new
        {
            generator = 1,
            split = options.Split.ToString().ToLowerInvariant(),
            size = options.Size,
            format = options.Format.ToString().ToLowerInvariant(),
            jpeg_quality = options.JpegQuality,
        }) + "\n";
        if (!File.Exists(path))
            await ReplaceAsync(path, stream => stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(mine), cancellationToken).AsTask());
        else if (await File.ReadAllTextAsync(path, cancellationToken) != mine)
            throw new InvalidOperationException($"'{folder}' holds scenes made with other options (see {OptionsFile}): name another folder.");
    }

    private static async Task WriteMetadataAsync(Stream stream, SceneDatasetOptions options, CancellationToken cancellationToken)
    {
        foreach (var (scene, fileName) in Scenes(options))
        {
            await stream.WriteAsync(SceneMetadata.Line(scene, fileName, options), cancellationToken);
            stream.WriteByte((byte)'\n');
        }
    }

    /// <summary>A reader sees the old file or the whole new one.</summary>
    private static async Task ReplaceAsync(string path, Func<Stream, Task> write)
    {
        var partial = path + ".partial";
        await using (var stream = File.Create(partial))
            await write(stream);
        File.Move(partial, path, overwrite: true);
    }
}
