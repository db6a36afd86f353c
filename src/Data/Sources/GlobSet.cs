using System.Text;
using System.Text.RegularExpressions;

namespace Dpvr.Data.Sources;

/// <summary>Globs over paths with '/': <c>*</c> and <c>?</c> within a segment, <c>**</c> over segments, <c>[abc]</c>. A glob without '/' is matched with the file's name in whichever folder it is.</summary>
internal sealed class GlobSet
{
    private readonly (Regex Pattern, bool NameOnly)[] _globs;

    public GlobSet(IEnumerable<string> globs) =>
        _globs = [.. globs.Select(static glob => (new Regex(Translate(glob), RegexOptions.CultureInvariant | RegexOptions.NonBacktracking), !glob.Contains('/', StringComparison.Ordinal)))];

    public bool IsEmpty => _globs.Length == 0;

    public bool Matches(string relativePath)
    {
        var name = relativePath[(relativePath.LastIndexOf('/') + 1)..];
        foreach (var (pattern, nameOnly) in _globs)
            if (pattern.IsMatch(nameOnly ? name : relativePath))
                return true;
        return false;
    }

    private static string Translate(string glob)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < glob.Length; i++)
        {
            var c = glob[i];
            if (c == '*' && i + 1 < glob.Length && glob[i + 1] == '*')
            {
                i++;
                if (i + 1 < glob.Length && glob[i + 1] == '/')
                {
                    i++;
                    text.Append("(?:[^/]+/)*");
                }
                else
                    text.Append(".*");
            }
            else if (c == '*') text.Append("[^/]*");
            else if (c == '?') text.Append("[^/]");
            else if (c == '[' && glob.IndexOf(']', i + 2) is > 0 and var end)
            {
                var set = glob[(i + 1)..end];
                text.Append('[').Append(set[0] == '!' ? "^/" + Escape(set[1..]) : Escape(set)).Append(']');
                i = end;
            }
            else text.Append(Regex.Escape(c.ToString()));
        }
        return text.Append("\\z").ToString();

        static string Escape(string set) => set.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal).Replace("^", "\\^", StringComparison.Ordinal);
    }
}
