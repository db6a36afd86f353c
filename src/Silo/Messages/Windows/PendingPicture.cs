using Dpvr.Contracts.Shards;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>A picture that was asked about and is in no window yet.</summary>
internal sealed record PendingPicture
{
    /// <summary>What makes two deliveries the same.</summary>
    public required string Key { get; init; }

    /// <summary>Whom to answer, and how.</summary>
    public required WindowItem Item { get; init; }

    /// <summary>What is asked.</summary>
    public required ItemRequest Request { get; init; }

    /// <summary>Where the picture is; null: it came along.</summary>
    public string? Locator { get; init; }

    /// <summary>The picture's file, where it came along.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }
}
