namespace Dpvr.Workers.Engine;

/// <summary>What an engine holds now and has done since it was made.</summary>
public readonly record struct EngineLoad
{
    /// <summary>Sequences that run.</summary>
    public int Running { get; init; }

    /// <summary>Requests that wait for a slot within the engine.</summary>
    public int Waiting { get; init; }

    /// <summary>Bytes of keys and values: as the plan reckoned them before anything was loaded.</summary>
    public long KeyValuePlanned { get; init; }

    /// <summary>The same as they were reserved.</summary>
    public long KeyValueReserved { get; init; }

    /// <summary>Those of them that somebody reads.</summary>
    public long KeyValueUsed { get; init; }

    /// <summary>Bytes of the weights as they were loaded.</summary>
    public long WeightBytes { get; init; }

    /// <summary>Prompt tokens prefilled, vision tokens counted.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens made.</summary>
    public long NewTokens { get; init; }

    /// <summary>Prompts prefilled.</summary>
    public long Prompts { get; init; }

    /// <summary>Decode steps.</summary>
    public long DecodeSteps { get; init; }

    /// <summary>Seconds in prefills, the vision tower included.</summary>
    public double PrefillSeconds { get; init; }

    /// <summary>Of those, seconds in the vision tower.</summary>
    public double VisionSeconds { get; init; }

    /// <summary>Seconds in decode steps.</summary>
    public double DecodeSeconds { get; init; }

    /// <summary>Batches that did not fit the memory and were halved.</summary>
    public long Halvings { get; init; }

    /// <summary>Prompts that found their picture's keys and values there already.</summary>
    public long PrefixHits { get; init; }
}
