using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Azure;

namespace Dpvr.Data.Blobs.Azure;

/// <summary>
/// Blob names of keys. The service turns '\' into '/', refuses control characters and drops a segment's last dot, so these are written as %XX; a key that holds such
/// text already gets its '%' written as %25. Every other name is its key, so that blobs which others wrote keep theirs.
/// </summary>
internal static partial class AzureNames
{
    public static string Of(string key) => Unsafe().Replace(Escaped().Replace(key, static m => "%25" + m.Value[1..]), static m =>
    {
        var text = new StringBuilder();
        foreach (var c in m.Value) text.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
        return text.ToString();
    });

    public static string KeyOf(string name) => Escaped().Replace(name, static m => m.Value.StartsWith("%25", StringComparison.Ordinal)
        ? "%" + m.Value[3..]
        : ((char)int.Parse(m.Value.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    /// <summary>An ETag's text. Listings give it without the quotes that headers have.</summary>
    public static string Of(ETag etag) => etag.ToString().Trim('"');

    [GeneratedRegex(@"%(?:25)*(?:5C|[01][0-9A-F]|7F|2E)")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"[\\\x00-\x1f\x7f]|\.+(?=/|\z)")]
    private static partial Regex Unsafe();
}
