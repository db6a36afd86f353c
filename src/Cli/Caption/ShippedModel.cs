namespace Dpvr.Cli.Caption;

/// <summary>The small model that comes with dpvr.</summary>
internal static class ShippedModel
{
    /// <summary>Its folder: <c>models/scenes-*</c> beside the program or above it.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static string Find() => TryFind() ?? throw new UsageException("no model came with this dpvr (models/scenes-*); name one: --model <folder>.");

    public static string? TryFind()
    {
        foreach (var models in Folders())
        {
            var found = Directory.EnumerateDirectories(models, "scenes-*").Where(d => File.Exists(Path.Combine(d, "config.json")))
                .Order(StringComparer.Ordinal).LastOrDefault();
            if (found is not null) return found;
        }
        return null;
    }

    /// <summary>The folders <c>models</c> beside the program and above it.</summary>
    public static IEnumerable<string> Folders()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
            if (Path.Combine(folder, "models") is var models && Directory.Exists(models))
                yield return models;
    }
}
