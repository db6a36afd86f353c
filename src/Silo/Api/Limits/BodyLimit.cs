using Microsoft.AspNetCore.Http.Metadata;

namespace Dpvr.Silo.Api.Limits;

/// <summary>The largest body that an address takes.</summary>
internal sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
