using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace Dpvr.Data.Blobs.Azure;

/// <summary>
/// The client of a container with the credentials that were given for it: a signature in the address; else AZURE_STORAGE_CONNECTION_STRING; else AZURE_STORAGE_SAS_TOKEN or
/// AZURE_STORAGE_KEY of AZURE_STORAGE_ACCOUNT; else an identity (AZURE_FEDERATED_TOKEN_FILE: a workload's; else a managed one, AZURE_CLIENT_ID tells which). What the
/// environment holds for one account is never sent to another.
/// </summary>
internal sealed record AzureAccess(BlobContainerClient Container, DateTimeOffset? CredentialsEnd)
{
    private const string ConnectionString = "AZURE_STORAGE_CONNECTION_STRING", AccountName = "AZURE_STORAGE_ACCOUNT", Key = "AZURE_STORAGE_KEY", SasToken = "AZURE_STORAGE_SAS_TOKEN";

    public static AzureAccess For(BlobLocation place, Func<string, string?> environment)
    {
        string? Of(string name) => environment(name) is { Length: > 0 } value ? value : null;

        if (place.Signature is { } signature) return OfSignature(place.ContainerAddress!, signature);
        if (Of(ConnectionString) is { } connection && OfConnectionString(place, connection) is { } client) return client;
        var account = Of(AccountName);
        if (place.ContainerAddress is null && account is null)
            throw new BlobLocationException($"{place} needs an account: set {ConnectionString}, or {AccountName} and, unless a managed identity is used, {SasToken} or {Key}.");
        var address = place.ContainerAddress ?? new Uri($"https://{account}.blob.core.windows.net/{place.Container}");
        if (place.Account is null || place.Account == account)
        {
            if (Of(SasToken) is { } sas) return OfSignature(address, sas.TrimStart('?'));
            if (Of(Key) is { } key) return OfKey(address, account!, key);
        }
        if (address.Scheme != Uri.UriSchemeHttps) throw new BlobLocationException($"{place} needs {SasToken} or {Key} of {AccountName}: an identity's token is sent over https only.");
        return new AzureAccess(new BlobContainerClient(address, Identity(Of), Options()), null);
    }

    internal static TokenCredential Identity(Func<string, string?> environment) => environment("AZURE_FEDERATED_TOKEN_FILE") is not null
        ? new WorkloadIdentityCredential()
        : new ManagedIdentityCredential(environment("AZURE_CLIENT_ID") is { } id ? ManagedIdentityId.FromUserAssignedClientId(id) : ManagedIdentityId.SystemAssigned);

    private static AzureAccess? OfConnectionString(BlobLocation place, string connection)
    {
        try
        {
            var service = new BlobServiceClient(connection, Options());
            if (place.Account is not null && place.Account != service.AccountName) return null;
            var sas = connection.Split(';').FirstOrDefault(static part => part.StartsWith("SharedAccessSignature=", StringComparison.OrdinalIgnoreCase));
            return new AzureAccess(service.GetBlobContainerClient(place.Container), sas is null ? null : EndOf(sas["SharedAccessSignature=".Length..]));
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            // Without the exception: its text may quote the string.
            throw new BlobLocationException($"{ConnectionString} is no connection string of a storage account.");
        }
    }

    private static AzureAccess OfKey(Uri address, string account, string key)
    {
        try
        {
            return new AzureAccess(new BlobContainerClient(address, new StorageSharedKeyCredential(account, key), Options()), null);
        }
        catch (FormatException)
        {
            throw new BlobLocationException($"{Key} is no key of a storage account (base64).");
        }
    }

    private static AzureAccess OfSignature(Uri address, string signature) =>
        new(new BlobContainerClient(address, new AzureSasCredential(signature), Options()), EndOf(signature));

    // se=2026-11-27T12:00:00Z
    private static DateTimeOffset? EndOf(string signature)
    {
        var end = signature.Split('&').FirstOrDefault(static part => part.StartsWith("se=", StringComparison.Ordinal));
        return end is not null && DateTimeOffset.TryParse(Uri.UnescapeDataString(end[3..]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
    }

    // The library's own retries are off: AzureCalls is the one policy. Its timeout is off too, as it starts anew with every byte read.
    private static BlobClientOptions Options() => new()
    {
        Retry = { MaxRetries = 0, NetworkTimeout = Timeout.InfiniteTimeSpan },
        Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false, IsDistributedTracingEnabled = false },
    };
}
