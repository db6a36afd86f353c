using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Sources;

/// <summary>Opens the reader for a kind of source.</summary>
public static class DatasetReaders
{
    /// <summary>Opens it; reads nothing yet.</summary>
    /// <exception cref="DatasetException">The kind is unknown or the root is not there.</exception>
    public static IDatasetReader Open(SourceSpec source) => source.Kind switch
    {
        SourceKinds.Folder => new FolderReader(source),
        SourceKinds.Jsonl => new JsonlReader(source),
        SourceKinds.Blobs => new BlobReader(source),
        _ => throw new DatasetException(ErrorCodes.BadManifest, $"'{source.Kind}' is no kind of source: {SourceKinds.Folder}, {SourceKinds.Jsonl} or {SourceKinds.Blobs}."),
    };
}
