namespace Dpvr.Dashboard.Gallery;

/// <summary>The same picture in two jobs.</summary>
/// <param name="Left">In the one.</param>
/// <param name="Right">In the other; null while it has no records there.</param>
/// <param name="Differs">An answer to a prompt of the same name is another.</param>
public sealed record Pair(Shot Left, Shot? Right, bool Differs);
