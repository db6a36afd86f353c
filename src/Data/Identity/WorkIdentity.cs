using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dpvr.Contracts.Jobs;

namespace Dpvr.Data.Identity;

/// <summary>
/// One identity for work: SHA-256 over the picture's SHA-256, the prompt's text, the model's revision and precision, the routing and the sampling.
/// Equal identities have equal answers, so an answer is computed once. Make one for each prompt of a job and ask it for each picture.
/// </summary>
public sealed class WorkIdentity
{
    private const string Usual = "float32";

    private readonly byte[] _rest;

    /// <summary>Takes everything but the picture.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="prompt">One of its prompts.</param>
    /// <param name="dtype">Precision of the weights that answer: other roundings are other answers.</param>
    public WorkIdentity(JobSpec spec, PromptSpec prompt, string dtype = Usual) : this(spec, new Ask(prompt, spec.Sampling), dtype)
    {
    }

    /// <summary>The same for what an item asks by itself.</summary>
    public WorkIdentity(JobSpec spec, Ask ask, string dtype = Usual)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(ask);
        var (prompt, s) = (ask.Prompt, ask.Sampling);
        // The usual precision is not named, so that answers from before it could be chosen stay known.
        var text = new StringBuilder("dpvr-work-1").Append(dtype == Usual ? "" : $" {dtype}").Append('\n');
        // Every field carries its length, so that no two different lists of fields give the same text.
        Add(text, prompt.Text);
        Add(text, spec.Model.Revision);
        Add(text, spec.Routing.ToString());
        Add(text, s.MaxNewTokens.ToString(CultureInfo.InvariantCulture));
        Add(text, s.Temperature.ToString("R", CultureInfo.InvariantCulture));
        // What greedy decoding never reads does not make work different.
        var greedy = s.Temperature == 0;
        Add(text, greedy ? "" : s.TopK.ToString(CultureInfo.InvariantCulture));
        Add(text, greedy ? "" : s.TopP.ToString("R", CultureInfo.InvariantCulture));
        Add(text, greedy ? "" : s.Seed.ToString(CultureInfo.InvariantCulture));
        Add(text, s.TokenLogprobs ? "1" : "0");
        foreach (var stop in s.Stop) Add(text, stop);
        _rest = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The identity of the work on one picture, lower-case hex.</summary>
    /// <param name="imageSha256">SHA-256 of the picture's bytes, lower-case hex.</param>
    public string Of(string imageSha256)
    {
        Span<byte> both = stackalloc byte[64];
        Convert.FromHexString(imageSha256).CopyTo(both);
        _rest.CopyTo(both[32..]);
        return Convert.ToHexStringLower(SHA256.HashData(both));
    }

    private static void Add(StringBuilder text, string field) =>
        text.Append(field.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(field).Append('\n');
}
