using Dpvr.Data.Sources;
using Dpvr.Silo.Api.Problems;

namespace Dpvr.Silo.Api.Chat;

/// <summary>The picture that a chat names by its URL.</summary>
internal sealed class ChatPictures(IPictureUrls? urls)
{
    /// <exception cref="ApiProblemException">There is no picture at it.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(string url, CancellationToken cancellationToken)
    {
        if (urls is null) throw ApiProblemException.Of(400, "url_scheme", "This server reads no URLs; allowed: data URLs.", "messages", url, "data:image/…;base64,…");
        var read = await urls.ReadAsync(url, cancellationToken);
        return read.Error is { } error ? throw ApiProblemException.Of(400, error.Code, error.Message, "messages", url) : read.Bytes;
    }
}
