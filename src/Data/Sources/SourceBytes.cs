using Dpvr.Contracts.Results;

namespace Dpvr.Data.Sources;

/// <summary>A picture's bytes, or why there are none: exactly one is set.</summary>
public sealed record SourceBytes
{
    private SourceBytes() { }

    /// <summary>The file's bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>Why there are none.</summary>
    public ItemError? Error { get; private init; }

    /// <summary>With bytes.</summary>
    public static SourceBytes Of(ReadOnlyMemory<byte> bytes) => new() { Bytes = bytes };

    /// <summary>Without.</summary>
    public static SourceBytes Failed(string code, string message) => new() { Error = new ItemError(code, message) };
}
