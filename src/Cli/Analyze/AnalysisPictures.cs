using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Sources;
using Dpvr.Model.Pictures;
using Dpvr.Scenes;

namespace Dpvr.Cli.Analyze;

/// <summary>Pictures prepared for a model one by one: of a folder, or synthetic scenes. What cannot be read is passed over and remembered.</summary>
internal sealed class AnalysisPictures(ImageProcessor processor)
{
    private const int SceneSize = 224;
    private readonly List<(string Picture, string Code, string Message)> _failures = [];

    /// <summary>Pictures that could not be read.</summary>
    public IReadOnlyList<(string Picture, string Code, string Message)> Failures => _failures;

    /// <summary>Scenes of the validation split: the test split is kept for results.</summary>
    public IEnumerable<byte[]> OfScenes(int count) => Enumerable.Range(0, count)
        .Select(i => processor.Resize(new DecodedPicture(SceneRenderer.Render(SceneGenerator.Generate(SceneSplit.Validation, i), SceneSize), SceneSize, SceneSize, "scene"), PictureFit.CenterCrop));

    /// <summary>The pictures that a folder holds, in its order.</summary>
    public static async Task<IReadOnlyList<ShardItem>> ListAsync(IDatasetReader reader, int? limit, CancellationToken cancellationToken)
    {
        var items = new List<ShardItem>();
        await foreach (var item in reader.ListAsync(cancellationToken))
        {
            if (items.Count == limit) break;
            items.Add(item);
        }
        return items;
    }

    public static IDatasetReader Open(string folder) => DatasetReaders.Open(new SourceSpec { Root = folder, Recursive = true });

    /// <summary>Reads and prepares them as they are asked for.</summary>
    public IEnumerable<byte[]> Of(IDatasetReader reader, IReadOnlyList<ShardItem> items, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            var source = reader.ReadAsync(item, cancellationToken).GetAwaiter().GetResult(); // the model's thread has nothing else to do meanwhile
            if (source.Error is { } error)
            {
                _failures.Add((item.CustomId, error.Code, error.Message));
                continue;
            }
            switch (PictureDecoder.Decode(source.Bytes))
            {
                case DecodedPicture picture: yield return processor.Resize(picture, PictureFit.CenterCrop); break;
                case PictureFailure failure: _failures.Add((item.CustomId, failure.Code, failure.Message)); break;
            }
        }
    }
}
