namespace Dpvr.Silo.Intake;

/// <summary>What a job writes besides captions.jsonl and errors.jsonl.</summary>
/// <param name="Sidecars">True writes a <c>.txt</c> for every picture. Default: false.</param>
public sealed record OutputsRequest(bool? Sidecars);
