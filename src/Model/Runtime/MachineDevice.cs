namespace Dpvr.Model.Runtime;

/// <summary>Something that computes.</summary>
/// <param name="Name">As <c>--device</c> takes it: <c>cpu</c>, <c>cuda:0</c> …</param>
/// <param name="Product">What its maker calls it.</param>
/// <param name="Memory">All of its memory, in bytes.</param>
/// <param name="Free">What of it is free now, in bytes.</param>
public sealed record MachineDevice(string Name, string Product, long Memory, long Free);
