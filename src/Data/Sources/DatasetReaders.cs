using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Sources;

/// <summary>Opens the reader for a kind of source.</summary>
public static class DatasetReaders
{
    /// <summary>Opens it; reads nothing yet.</summary>
    /// <param name="source">Which.</param>
    /// <param name="access">The job's store and the way to URLs; without them sources that name either cannot be read.</param>
    /// <exception cref="DatasetException">The kind is unknown or the root is not there.</exception>
    public static IDatasetReader Open(SourceSpec source, SourceAccess? access = null) => source.Kind switch
    {
        SourceKinds.Folder => new FolderReader(source),
        SourceKinds.Jsonl => new JsonlReader(source, access),
        SourceKinds.Blobs => new BlobReader(source),
        SourceKinds.Requests => new RequestsReader(source, access ?? SourceAccess.None),
        _ => throw new DatasetException(ErrorCodes.BadManifest, $"'{source.Kind}' is no kind of source: {SourceKinds.Folder}, {SourceKinds.Jsonl}, {SourceKinds.Blobs} or {SourceKinds.Requests}."),
    };
}
