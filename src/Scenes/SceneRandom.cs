namespace Dpvr.Scenes;

/// <summary>xoshiro256** seeded through SplitMix64 (Blackman and Vigna, public domain): the same numbers on every machine and runtime.</summary>
internal sealed class SceneRandom
{
    private ulong _a, _b, _c, _d;

    public SceneRandom(ulong seed)
    {
        _a = Mix(seed += Gamma);
        _b = Mix(seed += Gamma);
        _c = Mix(seed += Gamma);
        _d = Mix(seed + Gamma);
    }

    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>The seed of a scene: split in the top two bits, index below.</summary>
    public static ulong SeedOf(SceneSplit split, long index)
    {
        if (index is < 0 or >= 1L << 62)
            throw new ArgumentOutOfRangeException(nameof(index), index, "A scene's index lies in 0..2^62-1.");
        return ((ulong)split << 62) | (ulong)index;
    }

    /// <summary>SplitMix64's finaliser, a bijection.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The n-th number of a counter-based stream.</summary>
    public static ulong At(ulong seed, ulong n) => Mix(seed + (n + 1) * Gamma);

    public ulong Next()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var t = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= t;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in 0..n-1.</summary>
    public int Below(int n) => (int)Math.BigMul(Next(), (ulong)n, out _);

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + (high - low) * Unit();

    public bool Chance(double probability) => Unit() < probability;

    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
