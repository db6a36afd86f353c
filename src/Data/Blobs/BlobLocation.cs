using Azure.Storage.Blobs;

namespace Dpvr.Data.Blobs;

/// <summary>
/// Where a store is: a folder (a path, or <c>file:///path</c>), <c>azblob://container/prefix</c> in the account that the environment names, or the address of a container,
/// <c>https://account.blob.core.windows.net/container/prefix</c>, perhaps with a shared access signature.
/// </summary>
public sealed class BlobLocation
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "a folder's path, file:///path, azblob://container/prefix, or https://account.blob.core.windows.net/container/prefix";

    private BlobLocation() { }

    /// <summary>The folder; null when it is no folder.</summary>
    public string? Folder { get; private init; }

    /// <summary>The container's address without a query; null when only the environment knows the account.</summary>
    public Uri? ContainerAddress { get; private init; }

    /// <summary>The container; null when it is a folder.</summary>
    public string? Container { get; private init; }

    /// <summary>The account, where the location names it.</summary>
    public string? Account { get; private init; }

    /// <summary>Prefix in the container: empty, or ending with '/'.</summary>
    public string Prefix { get; private init; } = "";

    /// <summary>True when the text held a shared access signature. Such a location is for a command line or the environment, never for a job's specification.</summary>
    public bool HasSignature => Signature is not null;

    internal string? Signature { get; private init; }

    /// <summary>Reads a location.</summary>
    /// <exception cref="BlobLocationException">It is none.</exception>
    public static BlobLocation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0 || text.Contains('\0', StringComparison.Ordinal)) throw Bad(text, "it is empty or holds NUL");
        if (text.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase)) throw Bad("a connection string", "a connection string belongs in AZURE_STORAGE_CONNECTION_STRING");
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return new BlobLocation { Folder = Path.GetFullPath(text) };
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) throw Bad(text, "it is no address");
        if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) throw Bad(text, "it holds a user or a fragment");
        return uri.Scheme switch
        {
            "file" when uri.IsLoopback && uri.Query.Length == 0 => new BlobLocation { Folder = Path.GetFullPath(uri.LocalPath) },
            "azblob" => OfContainer(text, uri),
            "https" => OfAddress(text, uri),
            "http" when uri.IsLoopback => OfAddress(text, uri),
            "http" => throw Bad(text, "http is for an emulator on this machine; use https"),
            _ => throw Bad(text, $"'{uri.Scheme}' is no scheme of a store"),
        };
    }

    /// <summary>The location, without any secret.</summary>
    public override string ToString() => Folder ?? (ContainerAddress is null ? $"azblob://{Container}/{Prefix}" : $"{ContainerAddress.AbsoluteUri.TrimEnd('/')}/{Prefix}");

    private static BlobLocation OfContainer(string text, Uri uri)
    {
        if (uri.Query.Length > 0) throw Bad(text, "a signature belongs in AZURE_STORAGE_SAS_TOKEN");
        return new BlobLocation { Container = CheckContainer(text, uri.Host), Prefix = PrefixOf(text, uri.AbsolutePath.TrimStart('/')) };
    }

    private static BlobLocation OfAddress(string text, Uri uri)
    {
        var parts = new BlobUriBuilder(uri);
        var container = CheckContainer(text, parts.BlobContainerName);
        if (parts.Snapshot.Length > 0 || parts.VersionId.Length > 0) throw Bad(text, "it names a snapshot or a version");
        var address = new BlobUriBuilder(uri) { BlobName = "", Sas = null, Query = "" }.ToUri();
        var signature = uri.Query.Contains("sig=", StringComparison.OrdinalIgnoreCase) ? uri.Query.TrimStart('?') : null;
        if (signature is null && uri.Query.Length > 0) throw Bad(text, "its query holds no signature");
        return new BlobLocation { ContainerAddress = address, Container = container, Account = parts.AccountName, Prefix = PrefixOf(text, parts.BlobName), Signature = signature };
    }

    private static string CheckContainer(string text, string name) => name.Length is >= 3 and <= 63 && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        ? name
        : throw Bad(text, $"'{name}' is no container (3 to 63 of a-z, 0-9 and '-')");

    private static string PrefixOf(string text, string path)
    {
        var prefix = Uri.UnescapeDataString(path).TrimEnd('/');
        if (prefix.Length == 0) return "";
        try
        {
            BlobKeys.Check(prefix);
        }
        catch (ArgumentException)
        {
            throw Bad(text, "its path has an empty, '.' or '..' segment");
        }
        return prefix + "/";
    }

    // What stands after '?' or before '@' may be a secret, whatever it is.
    private static BlobLocationException Bad(string text, string why)
    {
        var shown = text.Split('?')[0];
        var at = shown.LastIndexOf('@');
        if (at >= 0 && shown.Contains("://", StringComparison.Ordinal)) shown = $"{shown[..(shown.IndexOf("://", StringComparison.Ordinal) + 3)]}…{shown[at..]}";
        return new BlobLocationException($"'{shown.Replace("\0", "\\0", StringComparison.Ordinal)}' is no location of blobs: {why}. Allowed: {Allowed}.");
    }
}
