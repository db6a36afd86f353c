using Dpvr.Chaos.Harness;

[assembly: AssemblyFixture(typeof(ChaosInput))]
