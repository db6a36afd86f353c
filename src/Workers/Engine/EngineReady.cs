using Dpvr.Workers.Pictures;

namespace Dpvr.Workers.Engine;

/// <summary>An engine that can be given work.</summary>
/// <param name="Description">What computes.</param>
/// <param name="Pictures">How its pictures are made; thread-safe.</param>
public sealed record EngineReady(EngineDescription Description, IPicturePreparer Pictures);
