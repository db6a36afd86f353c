using Microsoft.AspNetCore.WebUtilities;

namespace Dpvr.Silo.Api.Problems;

/// <summary>Ends a call with a problem.</summary>
internal sealed class ApiProblemException(ApiProblem problem) : Exception(problem.Detail)
{
    public ApiProblem Problem { get; } = problem;

    public static ApiProblemException Of(int status, string code, string detail, string? field = null, string? value = null, string? allowed = null) => new(new ApiProblem
    {
        Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Code = code, Detail = detail, Field = field, Value = value, Allowed = allowed,
    });

    /// <summary>Something that was named is not there.</summary>
    public static ApiProblemException NotFound(string what, string id) => Of(404, "not_found", $"There is no {what} '{id}'.", field: what, value: id);
}
