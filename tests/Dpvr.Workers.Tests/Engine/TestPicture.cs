using System.Security.Cryptography;
using System.Text;
using Dpvr.Workers.Pictures;

namespace Dpvr.Workers.Tests.Engine;

/// <summary>Prepared pictures that differ by name.</summary>
internal static class TestPicture
{
    public static PreparedPicture Of(string name) => new() { Sha256 = Sha256Of(name), Pixels = [1, 2, 3], Side = 1, Width = 1, Height = 1 };

    public static string Sha256Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
