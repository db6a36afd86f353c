namespace Dpvr.Data.Requests.OpenAi;

/// <summary>Why a line or a body is refused, in the shape that OpenAI's API gives errors.</summary>
/// <param name="Code">As in <c>invalid_value</c>.</param>
/// <param name="Message">For people.</param>
/// <param name="Param">The field to blame, as in <c>body.messages[0].content</c>; null where it is the whole line.</param>
/// <param name="Line">Number of the line in its file, from 1; null for a single body.</param>
public sealed record OpenAiError(string Code, string Message, string? Param = null, long? Line = null);
