namespace Dpvr.Dashboard.Gallery;

/// <summary>Some pictures of two jobs.</summary>
/// <param name="Pairs">The pictures.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
/// <param name="Compared">Pictures that were compared for it.</param>
/// <param name="Different">Those of them whose answers differ.</param>
public sealed record PairPage(IReadOnlyList<Pair> Pairs, GalleryCursor? Next, int Compared, int Different);
