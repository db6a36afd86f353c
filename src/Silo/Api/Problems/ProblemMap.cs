using System.Text.Json;
using System.Text.RegularExpressions;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;
using Dpvr.Data.Sources;
using Dpvr.Silo.Api.Jobs;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Intake;
using Microsoft.AspNetCore.Http;
using Orleans.Runtime;

namespace Dpvr.Silo.Api.Problems;

/// <summary>What each failure is to a caller. What is none of these is a fault of the server, of which a caller learns nothing but that.</summary>
internal static partial class ProblemMap
{
    public static ApiProblem? Of(Exception e) => e switch
    {
        ApiProblemException known => known.Problem,
        RefusedException refused => Make(400, refused.Code, refused.Message) with { Field = refused.Field, Value = refused.Value, Allowed = refused.Allowed },
        IntakeConflictException conflict => Make(409, "idempotency_key_reused", conflict.Message) with { Field = "Idempotency-Key", Allowed = "the same body, or another key", Job = conflict.Id },
        JobOpenException open => Make(409, open.Code, open.Message) with { Field = "id", Value = open.Job.Value },
        TooManyJobsException many => Make(429, "too_many_jobs", many.Message) with { Allowed = $"{many.Most} open jobs" },
        DatasetException dataset => Make(400, dataset.Code, dataset.Message) with { Field = "source" },
        BadHttpRequestException bad => OfRequest(bad),
        BlobStoreException store => OfStore(store),
        ChatUnavailableException chat => Make(503, "unavailable", chat.Message),
        TimeoutException or OrleansMessageRejectionException or SiloUnavailableException => Make(503, "unavailable", "The cluster does not answer now; the same call may be made again."),
        _ => null,
    };

    /// <summary>A status that nobody gave a body.</summary>
    public static ApiProblem Bare(int status) => status switch
    {
        401 => Make(401, "unauthorized", "No valid API key or token came with the call; allowed: 'Authorization: Bearer <key>' or 'X-Api-Key: <key>'."),
        403 => Make(403, "forbidden", "The key does not have the scope that this call needs."),
        404 => Make(404, "not_found", "There is nothing at this address."),
        405 => Make(405, "method_not_allowed", "The address does not know this method."),
        413 => Make(413, "body_too_large", "The body is larger than this address takes.") with { Field = "body" },
        415 => Make(415, "unsupported_media_type", "The content type is not one that this address reads; allowed: application/json.") with { Field = "Content-Type", Allowed = "application/json" },
        429 => Make(429, "rate_limited", "There were too many calls; the header Retry-After says when to try again."),
        _ => Make(status, status >= 500 ? "internal" : "bad_request", Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)),
    };

    private static ApiProblem Make(int status, string code, string detail) => ApiProblemException.Of(status, code, detail).Problem;

    private static ApiProblem OfStore(BlobStoreException e) => e.Code switch
    {
        ErrorCodes.OutputFull => Make(507, e.Code, "The server's store is full."),
        ErrorCodes.StoreUnavailable or ErrorCodes.AuthExpired or ErrorCodes.OutputReadonly => Make(503, e.Code, "The server's store does not answer or cannot be written now."),
        _ => Make(500, "internal", "The server's store failed."),
    };

    private static ApiProblem OfRequest(BadHttpRequestException e) => e switch
    {
        { StatusCode: 413 or 415 } => Bare(e.StatusCode),
        { InnerException: JsonException json } => OfJson(json),
        _ => Make(e.StatusCode, "bad_request", e.Message),
    };

    private static ApiProblem OfJson(JsonException e)
    {
        var path = e.Path is { Length: > 2 } p && p.StartsWith("$.", StringComparison.Ordinal) ? p[2..] : "body";
        if (Unknown().Match(e.Message) is { Success: true } unknown)
            return Make(400, "unknown_member", $"'{unknown.Groups[1].Value}' is no member of {(path == unknown.Groups[1].Value || path == "body" ? "the body" : path)}.") with { Field = unknown.Groups[1].Value, Allowed = "the members that /openapi.json names" };
        var where = e.LineNumber is { } line ? $" (line {line + 1}, byte {e.BytePositionInLine + 1})" : "";
        return e.Message.Contains("could not be converted", StringComparison.Ordinal)
            ? Make(400, "invalid_value", $"{path} has a value of another type than allowed{where}.") with { Field = path, Allowed = "the type that /openapi.json names" }
            : Make(400, "malformed_json", $"The body is no JSON that can be read{where}.") with { Field = path, Allowed = "one JSON object in UTF-8, each member once" };
    }

    [GeneratedRegex("JSON property '([^']*)' could not be mapped")]
    private static partial Regex Unknown();
}
