namespace Dpvr.Silo.Tests.Faults;

/// <summary>Mutants change the whole process: nothing may run beside them.</summary>
[CollectionDefinition(nameof(MutantCollection), DisableParallelization = true)]
public sealed class MutantCollection;
