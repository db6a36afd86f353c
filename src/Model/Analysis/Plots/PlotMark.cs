namespace Dpvr.Model.Analysis.Plots;

/// <summary>A dashed vertical line that points out one place of the x axis.</summary>
/// <param name="X">Where it stands.</param>
/// <param name="Label">What is written beside it.</param>
public sealed record PlotMark(double X, string Label);
