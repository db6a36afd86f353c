namespace Dpvr.Dashboard.Assets;

/// <summary>A file of the pages.</summary>
/// <param name="Plain">Its bytes.</param>
/// <param name="Gzip">The same, compressed.</param>
/// <param name="Tag">SHA-256, lower-case hex.</param>
/// <param name="Type">Media type.</param>
internal sealed record AssetFile(byte[] Plain, byte[] Gzip, string Tag, string Type);
