namespace Dpvr.Model.Analysis.Plots;

/// <summary>
/// A line plot as a PNG picture: title, labelled axes, a legend when there are several lines. Its font comes with it, so it
/// looks the same on machines that have no fonts at all, as containers do.
/// </summary>
public sealed class LinePlot
{
    private readonly List<LineSeries> _series = [];
    private readonly List<PlotMark> _marks = [];

    public LinePlot(string title, string xLabel, string yLabel) => (Title, XLabel, YLabel) = (title, xLabel, yLabel);

    public string Title { get; }

    public string XLabel { get; }

    public string YLabel { get; }

    /// <summary>Pixels. Default: 1000.</summary>
    public int Width { get; init; } = 1000;

    /// <summary>Pixels. Default: 600.</summary>
    public int Height { get; init; } = 600;

    /// <summary>Whether the y axis begins at 0 (or ends there) although all values are far from it. Default: yes.</summary>
    public bool FromZero { get; init; } = true;

    public IReadOnlyList<LineSeries> Series => _series;

    public IReadOnlyList<PlotMark> Marks => _marks;

    /// <summary>Adds a line.</summary>
    /// <exception cref="ArgumentException">X and Y have different lengths, or a place on the x axis is not finite.</exception>
    public LinePlot Add(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"'{name}' has {x.Count} places and {y.Count} values; allowed: as many of each.", nameof(y));
        if (!x.All(double.IsFinite)) throw new ArgumentException($"'{name}' has a place on the x axis that is not finite.", nameof(x));
        _series.Add(new LineSeries(name, x, y));
        return this;
    }

    /// <summary>Adds a dashed vertical line with a label.</summary>
    public LinePlot Mark(double x, string label)
    {
        _marks.Add(new PlotMark(x, label));
        return this;
    }

    /// <returns>The picture as a PNG file.</returns>
    public byte[] ToPng() => new LinePlotPainter(this).Paint();

    /// <summary>Writes the picture, and the folders above it where need be.</summary>
    public void Save(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        File.WriteAllBytes(path, ToPng());
    }
}
