using System.Reflection;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;

namespace Dpvr.Silo.Tests;

/// <summary>A store that answers nothing while <see cref="IsOut"/>, or nothing about some of its keys.</summary>
public class OutageStore : DispatchProxy
{
    private IBlobStore _inner = null!;

    public bool IsOut { get; set; }

    /// <summary>Keys and prefixes that it does not answer about. Default: none.</summary>
    public Func<string, bool> Refuses { get; set; } = static _ => false;

    public static IBlobStore Around(IBlobStore inner, out OutageStore outage)
    {
        var store = Create<IBlobStore, OutageStore>();
        outage = (OutageStore)(object)store;
        outage._inner = inner;
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        IsOut || (args is [string key, ..] && Refuses(key)) ? throw new BlobStoreException(ErrorCodes.StoreUnavailable, "the store does not answer") : targetMethod!.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null);
}
