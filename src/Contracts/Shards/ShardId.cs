using System.Globalization;
using System.Text.Json.Serialization;
using Dpvr.Contracts.Json;

namespace Dpvr.Contracts.Shards;

/// <summary>
/// A shard of a job's plan, or a part of one that was split to find the item which breaks it.
/// Text: <c>0000012</c> for the whole shard 12, <c>0000012-0003.0016</c> for 16 of its items from its fourth on.
/// </summary>
[GenerateSerializer, Immutable, Alias("dpvr.ShardId")]
[JsonConverter(typeof(ShardIdJsonConverter))]
public readonly record struct ShardId : IComparable<ShardId>
{
    /// <summary>Shards that one range grain owns.</summary>
    public const int ShardsPerRange = 1024;

    /// <summary>Names the whole shard <paramref name="number"/>.</summary>
    public ShardId(int number) : this(number, 0, 0) { }

    private ShardId(int number, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Number = number;
        First = first;
        Count = count;
    }

    /// <summary>The planned shard's number, from 0.</summary>
    [Id(0)] public int Number { get; }

    /// <summary>The first item of this part, counted from the shard's first.</summary>
    [Id(1)] public int First { get; }

    /// <summary>Items of this part; 0 says all of the shard.</summary>
    [Id(2)] public int Count { get; }

    /// <summary>The range grain that owns it.</summary>
    public int Range => Number / ShardsPerRange;

    /// <summary>True when this is a whole planned shard, not a part of one.</summary>
    public bool IsWhole => Count == 0;

    /// <summary>Names a part of the shard.</summary>
    public ShardId Part(int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new ShardId(Number, first, count);
    }

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string? text, out ShardId id)
    {
        id = default;
        if (string.IsNullOrEmpty(text)) return false;
        var dash = text.IndexOf('-');
        var head = dash < 0 ? text : text[..dash];
        if (!TryNumber(head, out var number)) return false;
        if (dash < 0)
        {
            id = new ShardId(number);
            return true;
        }
        var dot = text.IndexOf('.', dash);
        if (dot < 0 || !TryNumber(text[(dash + 1)..dot], out var first) || !TryNumber(text[(dot + 1)..], out var count) || count == 0) return false;
        id = new ShardId(number, first, count);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ShardId other)
    {
        var byNumber = Number.CompareTo(other.Number);
        if (byNumber != 0) return byNumber;
        var byFirst = First.CompareTo(other.First);
        // The whole shard (count 0) comes before its parts, a large part before the smaller ones within it.
        if (byFirst != 0) return byFirst;
        return (IsWhole ? int.MinValue : -Count).CompareTo(other.IsWhole ? int.MinValue : -other.Count);
    }

    /// <inheritdoc/>
    public override string ToString() => IsWhole
        ? Number.ToString("D7", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Number:D7}-{First:D4}.{Count:D4}");

    private static bool TryNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
