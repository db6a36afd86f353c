namespace Dpvr.Data.Urls;

/// <summary>A URL may not be asked, or what it answers is final. Never leaves this folder.</summary>
internal sealed class UrlRefusedException(string code, string message) : Exception(message)
{
    public string Code => code;

    /// <summary>The one in an exception's causes, or null.</summary>
    public static UrlRefusedException? In(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
            if (e is UrlRefusedException refused)
                return refused;
        return null;
    }
}
