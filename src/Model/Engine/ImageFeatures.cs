using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>Vision tokens by image key: nothing about an image depends on its question, so the tower runs once an image.</summary>
internal sealed class ImageFeatures(LlavaModel model, PixelScale scale, int capacity, int towerBatch, TimeProvider time) : IDisposable
{
    private readonly Dictionary<string, LinkedListNode<(string Key, Tensor Tokens)>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, Tensor Tokens)> _recent = [];

    /// <summary>Images that went through the tower.</summary>
    internal long Encoded { get; private set; }

    /// <summary>Images that came from the cache, or stood twice in one prefill.</summary>
    internal long Shared { get; private set; }

    /// <summary>Seconds in the tower; on a GPU, only what the host waited for.</summary>
    internal double Seconds { get; private set; }

    /// <summary>Images in order, with repetitions → vision tokens (N, P, D).</summary>
    internal Tensor Of(IReadOnlyList<PreparedImage> images)
    {
        using var scope = NewDisposeScope();
        var found = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var missing = new List<PreparedImage>();
        foreach (var image in images.DistinctBy(i => i.Key))
        {
            if (_byKey.TryGetValue(image.Key, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                found[image.Key] = node.Value.Tokens;
            }
            else
            {
                missing.Add(image);
            }
        }
        foreach (var chunk in missing.Chunk(towerBatch))
        {
            var encoded = Encode(chunk); // (n, P, D)
            for (var i = 0; i < chunk.Length; i++) found[chunk[i].Key] = encoded.narrow(0, i, 1);
        }
        Encoded += missing.Count;
        Shared += images.Count - missing.Count;
        var tokens = cat([.. images.Select(i => found[i.Key])], 0).MoveToOuterDisposeScope();
        foreach (var image in missing) Keep(image.Key, found[image.Key]);
        return tokens;
    }

    private Tensor Encode(PreparedImage[] images)
    {
        using var scope = NewDisposeScope();
        var start = time.GetTimestamp();
        var pixels = cat([.. images.Select(i => i.Pixels(model.Config.Vision.ImageSize, scale, model.Placement.Device))], 0); // n × (1, 3, S, S) → (n, 3, S, S)
        var tokens = model.EncodeImages(pixels).MoveToOuterDisposeScope();
        Seconds += time.GetElapsedTime(start).TotalSeconds;
        return tokens;
    }

    private void Keep(string key, Tensor tokens)
    {
        if (capacity == 0) return;
        while (_recent.Count >= capacity)
        {
            var (oldKey, old) = _recent.Last!.Value;
            old.Dispose();
            _recent.RemoveLast();
            _byKey.Remove(oldKey);
        }
        _byKey[key] = _recent.AddFirst((key, tokens.clone().DetachFromDisposeScope())); // a copy: a view would keep its whole batch
    }

    public void Dispose()
    {
        foreach (var (_, tokens) in _recent) tokens.Dispose();
        _recent.Clear();
        _byKey.Clear();
    }
}
