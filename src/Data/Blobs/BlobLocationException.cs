namespace Dpvr.Data.Blobs;

/// <summary>A text names no place that a store can be opened at. The message says what is allowed, and holds no secret.</summary>
public sealed class BlobLocationException(string message) : Exception(message);
