namespace Dpvr.Model.Training;

/// <summary>An endless, reproducible stream of examples: the same index is always the same example. Called from several threads.</summary>
public interface ITrainingSource
{
    TrainingExample Example(long index);
}
