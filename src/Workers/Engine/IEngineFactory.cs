using Dpvr.Contracts.Jobs;

namespace Dpvr.Workers.Engine;

/// <summary>Makes engines for jobs.</summary>
public interface IEngineFactory
{
    /// <summary>Loads the job's model. Called on the thread that the engine will live on.</summary>
    ICaptionEngine Create(JobSpec job);
}
