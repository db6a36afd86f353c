using System.Text.Json;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Api.Jobs;

/// <summary>Statuses as they are written.</summary>
internal static class StatusWords
{
    private static readonly Dictionary<string, JobStatus> s_words = Enum.GetValues<JobStatus>().ToDictionary(Of, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> All => s_words.Keys;

    public static string Of(JobStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    public static bool TryParse(string word, out JobStatus status) => s_words.TryGetValue(word, out status);
}
