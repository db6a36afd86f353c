namespace Dpvr.Cli.Help;

/// <summary>A command that teaches by examples.</summary>
public interface IHasExamples
{
    IReadOnlyList<Example> Examples { get; }
}
