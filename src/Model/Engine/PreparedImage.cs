using static TorchSharp.torch;

namespace Dpvr.Model.Engine;

/// <summary>A picture as the vision tower reads it: 3 × S × S values, channel by channel.</summary>
public sealed class PreparedImage
{
    private readonly byte[]? _levels;
    private readonly float[]? _normalized;

    private PreparedImage(string key, byte[]? levels, float[]? normalized)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        (Key, _levels, _normalized) = (key, levels, normalized);
    }

    /// <summary>Says which pictures are the same one (for example the SHA-256 of its bytes): requests that share a key share the tower's work.</summary>
    public string Key { get; }

    internal int Length => _levels?.Length ?? _normalized!.Length;

    /// <param name="key">See <see cref="Key"/>.</param>
    /// <param name="levels">8-bit levels after resizing and cropping, 3 × S × S; the engine rescales and normalises them.</param>
    public static PreparedImage FromLevels(string key, byte[] levels) => new(key, levels, null);

    /// <param name="key">See <see cref="Key"/>.</param>
    /// <param name="normalized">Values that are already normalised, 3 × S × S.</param>
    public static PreparedImage FromNormalized(string key, float[] normalized) => new(key, null, normalized);

    /// <summary>Normalised pixels (1, 3, S, S), float32.</summary>
    internal Tensor Pixels(int size, PixelScale scale, Device device)
    {
        if (_normalized is not null) return tensor(_normalized).to(device).view(1, 3, size, size);
        return scale.Apply(tensor(_levels!).to(device).view(1, 3, size, size));
    }
}
