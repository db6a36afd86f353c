namespace Dpvr.Silo.Api.Problems;

/// <summary>A problem as OpenAI's clients read it.</summary>
internal sealed record OpenAiError(OpenAiError.Body Error)
{
    public static OpenAiError Of(ApiProblem problem) => new(new Body(problem.Detail, TypeOf(problem.Status), problem.Field, problem.Code));

    private static string TypeOf(int status) => status switch
    {
        401 => "authentication_error",
        403 => "permission_error",
        429 => "rate_limit_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    internal sealed record Body(string Message, string Type, string? Param, string Code);
}
