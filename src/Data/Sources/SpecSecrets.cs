using Dpvr.Contracts.Jobs;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Sources;

/// <summary>Keeps secrets out of specifications: those are written down, shown and sent around.</summary>
internal static class SpecSecrets
{
    /// <exception cref="DatasetException">A location in it holds a secret; the message does not.</exception>
    public static void Refuse(JobSpec spec)
    {
        Refuse("source", spec.Source.Root);
        Refuse("output", spec.Output.Location);
    }

    /// <inheritdoc cref="Refuse(JobSpec)"/>
    public static void Refuse(string which, string location)
    {
        if (Holds(location, "sig=") || Holds(location, "AccountKey=") || Holds(location, "SharedAccessSignature="))
            throw new DatasetException(
                ErrorCodes.BadManifest,
                $"The {which} '{location.Split('?', ';')[0]}' holds a key or a signature, which a job would write down. Leave it out and set AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_SAS_TOKEN, or AZURE_STORAGE_CONNECTION_STRING, for the processes that do the job.");
    }

    private static bool Holds(string location, string secret) => location.Contains(secret, StringComparison.OrdinalIgnoreCase) && (location.Contains("://", StringComparison.Ordinal) || location.Contains(';', StringComparison.Ordinal));
}
