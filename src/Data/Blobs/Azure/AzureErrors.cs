using Azure;
using Azure.Identity;
using Dpvr.Contracts.Results;

namespace Dpvr.Data.Blobs.Azure;

/// <summary>
/// What an error of the service means to a job. The exception made holds the service's status, error code and request id, and neither its text nor the exception it came
/// from: those may quote what was signed.
/// </summary>
internal static class AzureErrors
{
    // AuthorizationFailure: the network rules of the account, or (Azurite) a wrong key. A 403 with another code is a permission that the credentials lack.
    private static readonly HashSet<string> s_notWhoWeSay = new(StringComparer.Ordinal) { "AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation", "AuthorizationFailure" };
    private static readonly HashSet<string> s_noContainer = new(StringComparer.Ordinal) { "ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled", "ResourceNotFound" };
    private static readonly HashSet<string> s_full = new(StringComparer.Ordinal) { "AccountCapacityExceeded", "InsufficientStorage", "QuotaExceeded", "AccountQuotaExceeded" };
    private static readonly HashSet<string> s_locked = new(StringComparer.Ordinal) { "BlobImmutableDueToPolicy", "BlobArchived", "LeaseIdMissing", "ContainerWriteDisabled" };

    public static bool IsTransient(Exception e) => e switch
    {
        RequestFailedException { Status: 0 or 408 or 429 or 500 or 502 or 503 or 504 } => true,
        RequestFailedException => false,
        AuthenticationFailedException => false,
        // The transport's own: reset, refused, cut in mid-body, or its inner timeout.
        IOException or HttpRequestException or OperationCanceledException => true,
        _ => false,
    };

    public static bool IsConflict(RequestFailedException e) => e is { Status: 412 } or { Status: 409, ErrorCode: "BlobAlreadyExists" };

    public static bool IsGone(RequestFailedException e) => e is { Status: 404, ErrorCode: "BlobNotFound" } || (e.Status == 404 && !s_noContainer.Contains(e.ErrorCode ?? ""));

    public static bool IsNoContainer(RequestFailedException e) => s_noContainer.Contains(e.ErrorCode ?? "");

    public static BlobStoreException Map(Exception e, string what, bool writes, TimeSpan? timedOutAfter, int tries, bool expired)
    {
        var after = tries > 1 ? $" ({tries} tries)" : "";
        if (timedOutAfter is { } limit) return new BlobStoreException(ErrorCodes.StoreUnavailable, $"{what}: the store did not answer within {limit.TotalSeconds:0.###} s{after}.");
        if (e is not RequestFailedException failed)
            return e is AuthenticationFailedException
                ? new BlobStoreException(ErrorCodes.AuthExpired, $"{what}: no token could be had for the store ({e.GetType().Name}).")
                : IsTransient(e) ? new BlobStoreException(ErrorCodes.StoreUnavailable, $"{what}: the connection to the store failed ({e.GetType().Name}){after}.")
                : new BlobStoreException(ErrorCodes.Internal, $"{what}: {e.GetType().Name}.");
        var (code, why) = Meaning(failed, writes, expired);
        return new BlobStoreException(code, $"{what}: {why} ({Describe(failed)}){after}.");
    }

    private static (string Code, string Why) Meaning(RequestFailedException e, bool writes, bool expired)
    {
        var code = e.ErrorCode ?? "";
        if (e.Status == 401 || s_notWhoWeSay.Contains(code) || (e.Status == 403 && expired)) return (ErrorCodes.AuthExpired, "the credentials are not valid, no longer, or not from this machine");
        if (s_full.Contains(code) || e.Status == 507) return (ErrorCodes.OutputFull, "the account has no room left");
        if (s_locked.Contains(code)) return (ErrorCodes.OutputReadonly, "it cannot be written");
        if (e.Status == 403) return writes ? (ErrorCodes.OutputReadonly, "the credentials do not allow writing") : (ErrorCodes.AuthExpired, "the credentials do not allow reading");
        if (IsNoContainer(e)) return (ErrorCodes.StoreUnavailable, "there is no such container, or it is being deleted");
        return IsTransient(e) ? (ErrorCodes.StoreUnavailable, "the store answers with errors, or not at all") : (ErrorCodes.Internal, "the store refused the request");
    }

    private static string Describe(RequestFailedException e) => e.Status == 0
        ? "no connection"
        : $"status {e.Status}{(e.ErrorCode is { Length: > 0 } code ? " " + code : "")}{(e.GetRawResponse()?.Headers.RequestId is { Length: > 0 } id ? ", request " + id : "")}";
}
