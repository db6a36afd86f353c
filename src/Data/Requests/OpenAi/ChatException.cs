namespace Dpvr.Data.Requests.OpenAi;

/// <summary>A body is not what is allowed: ends its reading, never leaves this folder.</summary>
internal sealed class ChatException(string code, string message, string? param = null) : FormatException(message)
{
    public string Code => code;

    public string? Param => param;

    public static ChatException Missing(string param) => new("missing_required_parameter", $"Missing required parameter: '{param}'.", param);

    public static ChatException Unsupported(string param, string what) => new("unsupported_parameter", $"'{param}' is not supported: {what}.", param);

    public static ChatException Invalid(string param, string why) => new("invalid_value", $"Invalid value for '{param}': {why}.", param);

    public OpenAiError At(long? line) => new(code, Message, param, line);
}
