namespace Dpvr.Data.Blobs;

/// <summary>What a write outlives when the call returns. Both outlive the death of the process.</summary>
public enum BlobDurability
{
    /// <summary>A power cut too.</summary>
    Durable,

    /// <summary>A power cut only after <see cref="IBlobStore.FlushAsync"/>.</summary>
    Lazy,
}
