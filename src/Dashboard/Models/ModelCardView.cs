namespace Dpvr.Dashboard.Models;

/// <summary>A model's card.</summary>
public sealed record ModelCardView
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Identifies its weights.</summary>
    public required string Revision { get; init; }

    /// <summary>Shapes and files.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];

    /// <summary>What it can be run with.</summary>
    public IReadOnlyList<RoutingRow> Routings { get; init; } = [];

    /// <summary>How the routings were measured; null: they were not.</summary>
    public string? Measured { get; init; }

    /// <summary>Share of the text's attention on the picture by layer; empty: not measured.</summary>
    public IReadOnlyList<double> Saturation { get; init; } = [];

    /// <summary>The layer at which vision tokens leave.</summary>
    public int? SaturationLayer { get; init; }

    /// <summary>How that was measured.</summary>
    public string? SaturationNote { get; init; }
}
