using System.Globalization;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Api.Limits;

/// <summary>The size of a page.</summary>
internal static class Paging
{
    public static int Limit(string? text, int otherwise, int most) =>
        text is null ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= most ? limit
        : throw new RefusedException("limit", text, $"a whole number from 1 to {most}");
}
