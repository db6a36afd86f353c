using Dpvr.Contracts.Jobs;
using Dpvr.Silo.Intake;

namespace Dpvr.Silo.Models;

/// <summary>The models that jobs may name. The coordinating host knows no tensors: whoever composes it says what there is.</summary>
public interface IModelCatalog
{
    /// <summary>All of them; the first is taken when a job names none.</summary>
    IReadOnlyList<ModelEntry> Models { get; }

    /// <summary>Says exactly which weights and which routing a choice means.</summary>
    /// <param name="model">A name of <see cref="Models"/>; null takes the first.</param>
    /// <param name="routing">One of the entry's routings; null takes the first.</param>
    /// <param name="visualTokens">Vision tokens of a picture that are kept; null keeps all.</param>
    /// <exception cref="RefusedException">There is no such model or routing.</exception>
    ModelChoice Choose(string? model, string? routing, int? visualTokens);

    /// <summary>Why a prompt cannot be put to a model with one picture; null when it can.</summary>
    string? Refusal(ModelSpec model, string prompt);
}
