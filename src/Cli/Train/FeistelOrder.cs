namespace Dpvr.Cli.Train;

/// <summary>A shuffled order of 0…count−1 that needs no memory: a keyed permutation (Feistel network, walking past values that are too large).</summary>
internal readonly struct FeistelOrder(int count, ulong key)
{
    private const int Rounds = 4;

    internal int At(long place)
    {
        var half = 1;
        while (1L << (2 * half) < count) half++;
        var mask = (1u << half) - 1;
        var value = (ulong)place;
        do
        {
            uint left = (uint)(value >> half) & mask, right = (uint)value & mask;
            for (var round = 0; round < Rounds; round++) (left, right) = (right, left ^ (Mix(right, round) & mask));
            value = ((ulong)left << half) | right;
        }
        while (value >= (ulong)count);
        return (int)value;
    }

    private uint Mix(uint value, int round)
    {
        var z = (key * 0x9E3779B97F4A7C15 + value + 1) * (0xBF58476D1CE4E5B9 + (ulong)round * 2);
        return (uint)((z ^ (z >> 29)) * 0x94D049BB133111EB >> 32);
    }
}
