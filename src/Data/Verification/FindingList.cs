namespace Dpvr.Data.Verification;

/// <summary>Findings, as many as a person can use.</summary>
internal sealed class FindingList
{
    private readonly List<Finding> _findings = [];

    public void Add(string invariant, string file, long? line, string? customId, string message)
    {
        if (_findings.Count < OutputVerifier.MaxFindings) _findings.Add(new Finding(invariant, file, line, customId, message));
    }

    public Finding[] ToArray() => [.. _findings];
}
