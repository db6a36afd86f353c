using Dpvr.Data.Sources;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Chat;

/// <summary>The picture that a chat brings along or names.</summary>
internal sealed class ChatPictures(IPictureUrls? urls)
{
    private const string Allowed = "a data URL (data:image/…;base64,…), or an http or https URL of a public host";

    /// <exception cref="RefusedException">There is no picture at it.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(string image, CancellationToken cancellationToken)
    {
        if (image.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return Decode(image);
        if (urls is null || !Uri.TryCreate(image, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")) throw new RefusedException("image_url.url", image, Allowed, "url_scheme");
        var read = await urls.ReadAsync(image, cancellationToken);
        return read.Error is { } error ? throw new RefusedException("image_url.url", image, $"{Allowed} ({error.Message.TrimEnd('.')})", error.Code) : read.Bytes;
    }

    private static byte[] Decode(string image)
    {
        var comma = image.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !image.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase)) throw new RefusedException("image_url.url", image, Allowed);
        var bytes = new byte[(image.Length - comma) / 4 * 3 + 3];
        return Convert.TryFromBase64Chars(image.AsSpan(comma + 1), bytes, out var count) && count > 0 ? bytes[..count] : throw new RefusedException("image_url.url", image, "a data URL whose Base64 can be read");
    }
}
