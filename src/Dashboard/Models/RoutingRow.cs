namespace Dpvr.Dashboard.Models;

/// <summary>A routing with what was measured of it; null where nothing was.</summary>
/// <param name="Name">The routing.</param>
/// <param name="CaptionFacts">Share of caption facts that are right.</param>
/// <param name="CaptionsTrue">Share of captions that are fully true.</param>
/// <param name="Answers">Share of answers that are right.</param>
/// <param name="ImagesPerSecond">Pictures a second in that measurement.</param>
/// <param name="KeyValueBytes">Bytes of keys and values of a picture.</param>
/// <param name="PrefillFlops">Floating-point operations of a prefill in the decoder.</param>
public sealed record RoutingRow(string Name, double? CaptionFacts, double? CaptionsTrue, double? Answers, double? ImagesPerSecond, long? KeyValueBytes, double? PrefillFlops);
