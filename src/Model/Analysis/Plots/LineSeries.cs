namespace Dpvr.Model.Analysis.Plots;

/// <summary>One line of a plot.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="X">Places along the x axis, in the order in which the points are joined.</param>
/// <param name="Y">One value for each place; a value that is not finite leaves a gap.</param>
public sealed record LineSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);
