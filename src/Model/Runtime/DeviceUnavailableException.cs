namespace Dpvr.Model.Runtime;

/// <summary>A device was asked for that this machine or this libtorch does not have; the message says what to do.</summary>
public sealed class DeviceUnavailableException(string message) : Exception(message);
