using System.Globalization;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Silo.Intake;

/// <summary>Values within bounds, or a refusal that names them.</summary>
internal static class Checks
{
    public static int Within(int? value, int otherwise, int least, int most, string field) => value switch
    {
        null => otherwise,
        { } v when v >= least && v <= most => v,
        { } v => throw new RefusedException(field, v.ToString(CultureInfo.InvariantCulture), $"a whole number from {least} to {most}"),
    };

    public static double Within(double? value, double otherwise, double least, double most, string field) => value switch
    {
        null => otherwise,
        { } v when v >= least && v <= most => v,
        { } v => throw new RefusedException(field, v.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}")),
    };

    /// <summary>The sampling that a request means.</summary>
    public static SamplingSpec Sampling(SamplingRequest? request, string prefix = "sampling.")
    {
        request ??= new SamplingRequest();
        var stop = request.Stop ?? [];
        if (stop.Count > 4) throw new RefusedException($"{prefix}stop", $"{stop.Count} texts", "at most 4 texts");
        for (var i = 0; i < stop.Count; i++)
            if (stop[i] is not { Length: > 0 and <= 256 }) throw new RefusedException($"{prefix}stop[{i}]", stop[i], "a text of 1 to 256 characters");
        return new SamplingSpec
        {
            MaxNewTokens = Within(request.MaxNewTokens, 64, 1, 2048, $"{prefix}max_new_tokens"),
            Temperature = Within(request.Temperature, 0, 0, 10, $"{prefix}temperature"),
            TopK = Within(request.TopK, 0, 0, 1_000_000, $"{prefix}top_k"),
            TopP = Within(request.TopP, 1, 0.000_001, 1, $"{prefix}top_p"),
            Seed = request.Seed ?? 0,
            Stop = [.. stop.Select(static s => s!)],
            TokenLogprobs = request.TokenLogprobs ?? false,
        };
    }

    /// <summary>The submitter's own data, within its bounds.</summary>
    public static IReadOnlyDictionary<string, string>? Metadata(IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null) return null;
        if (metadata.Count > 16) throw new RefusedException("metadata", $"{metadata.Count} members", "at most 16 members");
        foreach (var (name, value) in metadata)
        {
            if (name.Length is 0 or > 64) throw new RefusedException("metadata", name, "names of 1 to 64 characters");
            if (value is not { Length: <= 512 }) throw new RefusedException($"metadata.{name}", value, "a text of at most 512 characters");
        }
        return metadata;
    }
}
