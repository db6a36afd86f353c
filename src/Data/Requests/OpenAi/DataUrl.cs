using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Dpvr.Data.Requests.OpenAi;

/// <summary>Reads <c>data:image/…;base64,…</c> (RFC 2397) out of a JSON text without turning megabytes of it into characters first.</summary>
internal static class DataUrl
{
    /// <summary>False: it is another kind of URL. True with an error ("it is no base64"): it is a data URL that cannot be read.</summary>
    public static bool TryRead(JsonElement url, int maxBytes, out ReadOnlyMemory<byte> bytes, out string? error)
    {
        bytes = default;
        error = null;
        var raw = JsonMarshal.GetRawUtf8Value(url)[1..^1];
        // Some writers escape every '/': then the text itself is needed.
        if (raw.Contains((byte)'\\')) raw = Encoding.UTF8.GetBytes(url.GetString()!);
        if (raw.Length < 5 || !Ascii.EqualsIgnoreCase(raw[..5], "data:"u8)) return false;
        var comma = raw[..Math.Min(raw.Length, 256)].IndexOf((byte)',');
        var type = comma < 0 ? "" : Encoding.UTF8.GetString(raw[5..comma]);
        if (!type.StartsWith("image/", StringComparison.OrdinalIgnoreCase)) error = "it is no picture; allowed: data:image/…;base64,…";
        else if (!type.EndsWith(";base64", StringComparison.OrdinalIgnoreCase)) error = "it is not in base64; allowed: data:image/…;base64,…";
        else Decode(raw[(comma + 1)..], maxBytes, out bytes, out error);
        return true;
    }

    private static void Decode(ReadOnlySpan<byte> text, int maxBytes, out ReadOnlyMemory<byte> bytes, out string? error)
    {
        bytes = default;
        if (Base64.GetMaxDecodedFromUtf8Length(text.Length) > maxBytes + 3L)
        {
            error = $"the picture has more than {maxBytes} bytes";
            return;
        }
        var buffer = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        var done = Base64.DecodeFromUtf8(text, buffer, out _, out var written) == OperationStatus.Done;
        error = !done ? "it is no base64" : written == 0 ? "the picture has no bytes" : written > maxBytes ? $"the picture has more than {maxBytes} bytes" : null;
        if (error is null) bytes = buffer.AsMemory(0, written);
    }
}
