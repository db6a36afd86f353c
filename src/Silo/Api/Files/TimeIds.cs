using System.Globalization;
using System.Security.Cryptography;

namespace Dpvr.Silo.Api.Files;

/// <summary>Ids that sort by the time they were made: a list's newest page needs no file to be read but its own.</summary>
internal static class TimeIds
{
    private const int TimeDigits = 12;
    private const int RandomBytes = 8;

    public static string New(string prefix, DateTimeOffset now) =>
        prefix + now.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>True for what can be an id with this prefix: nothing that leads elsewhere in the store.</summary>
    public static bool Is(string? id, string prefix) =>
        id is not null && id.StartsWith(prefix, StringComparison.Ordinal) && id.Length is > TimeDigits and < 80 && id.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', 'z') < 0
        && id.Skip(prefix.Length).All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>A page of ids, newest first unless <paramref name="ascending"/>, after one of them.</summary>
    public static IEnumerable<string> Page(IEnumerable<string> ids, string? after, bool ascending = false) => ascending
        ? ids.Order(StringComparer.Ordinal).Where(id => after is null || string.CompareOrdinal(id, after) > 0)
        : ids.OrderDescending(StringComparer.Ordinal).Where(id => after is null || string.CompareOrdinal(id, after) < 0);
}
