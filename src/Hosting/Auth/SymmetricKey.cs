using System.Text;

namespace Dpvr.Hosting.Auth;

/// <summary>A key file of tokens.</summary>
internal static class SymmetricKey
{
    private const int Least = 32;

    /// <exception cref="InvalidDataException">It is too short.</exception>
    public static byte[] Read(string file)
    {
        var text = File.ReadAllText(file).Trim();
        var bytes = new byte[text.Length];
        var key = Convert.TryFromBase64String(text, bytes, out var count) && count >= Least ? bytes[..count] : Encoding.UTF8.GetBytes(text);
        return key.Length >= Least ? key : throw new InvalidDataException($"--jwt-key: the key in '{file}' has {key.Length} bytes; allowed: {Least} or more.");
    }
}
