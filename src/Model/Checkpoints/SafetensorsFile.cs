using Dpvr.Model.Runtime;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Checkpoints;

/// <summary>
/// An open safetensors file, memory-mapped: a tensor goes from the page cache straight into its destination, so weights
/// never stand in private memory twice. Files and tensors above 2 GiB are fine. Reads may come from several threads.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int BounceBytes = 8 << 20;
    private readonly SafeFileHandle _handle;
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<ScalarType, Tensor> _maps = [];
    private readonly Lock _gate = new();
    private bool _disposed;

    private SafetensorsFile(string path, SafeFileHandle handle, SafetensorsHeader header)
    {
        Path = path;
        _handle = handle;
        _header = header;
        Size = RandomAccess.GetLength(handle);
    }

    /// <summary>Path as given to <see cref="Open"/>.</summary>
    public string Path { get; }

    /// <summary>Bytes of the file.</summary>
    public long Size { get; }

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors => _header.Tensors;

    /// <summary>The <c>__metadata__</c> of the header; empty when there is none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    internal ReadOnlySpan<byte> HeaderJson => _header.Json;

    /// <summary>Opens a file and validates its whole header.</summary>
    /// <exception cref="CheckpointException">The file is missing or unsound; the message names file, tensor, value and what is allowed.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"{path}: cannot be opened: {e.Message}", e);
        }
        try
        {
            return new SafetensorsFile(path, handle, SafetensorsHeader.Read(path, handle));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Copies a tensor into <paramref name="destination"/> (same shape, any dtype, device and strides).</summary>
    /// <exception cref="CheckpointException">There is no such tensor, or the shapes differ.</exception>
    public void CopyInto(string name, Tensor destination)
    {
        var entry = Find(name);
        if (!destination.shape.AsSpan().SequenceEqual(entry.Shape.ToArray()))
            throw new CheckpointException(
                $"{Path}: tensor '{name}' has shape {TensorEntry.Describe(entry.Shape)}, but {TensorEntry.Describe(destination.shape)} is expected.");
        if (entry.Length == 0) return;

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (entry.Offset % SafetensorsType.SizeOf(entry.Type) == 0) destination.copy_(Mapped(entry));
        else CopyUnaligned(entry, destination);
    }

    /// <summary>A new CPU tensor with the stored dtype; the caller owns it. For small files and tests: weights go through <see cref="CopyInto"/>.</summary>
    public Tensor Read(string name)
    {
        LibTorch.EnsureLoaded();
        var entry = Find(name);
        var tensor = empty([.. entry.Shape], entry.Type);
        CopyInto(name, tensor);
        return tensor;
    }

    /// <summary>Reads raw bytes of the file (for content ids).</summary>
    internal int ReadBytes(Span<byte> buffer, long offset)
    {
        var total = 0;
        while (total < buffer.Length && RandomAccess.Read(_handle, buffer[total..], offset + total) is > 0 and var n) total += n;
        return total;
    }

    private TensorEntry Find(string name) =>
        Tensors.TryGetValue(name, out var entry) ? entry : throw new CheckpointException($"{Path}: there is no tensor '{name}'.");

    /// <summary>A view of the map with the tensor's shape. libtorch maps whole files, so there is one map per element type.</summary>
    private Tensor Mapped(TensorEntry entry)
    {
        Tensor? map;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_maps.TryGetValue(entry.Type, out map))
            {
                LibTorch.EnsureLoaded();
                map = from_file(Path, shared: false, size: Size / SafetensorsType.SizeOf(entry.Type), dtype: entry.Type).DetachFromDisposeScope();
                _maps.Add(entry.Type, map);
            }
        }
        return map.narrow(0, entry.Offset / SafetensorsType.SizeOf(entry.Type), entry.Count).view([.. entry.Shape]);
    }

    /// <summary>
    /// The format does not promise alignment, and an unaligned pointer is undefined behaviour in vector code: such a
    /// tensor goes through a small buffer. A destination with strides needs one whole copy first.
    /// </summary>
    private void CopyUnaligned(TensorEntry entry, Tensor destination)
    {
        var whole = destination.is_contiguous() ? destination.view(-1) : empty([entry.Count], entry.Type);
        var step = BounceBytes / SafetensorsType.SizeOf(entry.Type);
        var bounce = empty([Math.Min(step, entry.Count)], entry.Type);
        for (long at = 0; at < entry.Count; at += step)
        {
            var count = Math.Min(step, entry.Count - at);
            var part = bounce.narrow(0, 0, count);
            var bytes = part.bytes;
            if (ReadBytes(bytes, entry.Offset + at * SafetensorsType.SizeOf(entry.Type)) < bytes.Length)
                throw new CheckpointException($"{Path}: the file ended while tensor '{entry.Name}' was read.");
            whole.narrow(0, at, count).copy_(part);
        }
        if (!destination.is_contiguous()) destination.copy_(whole.view([.. entry.Shape]));
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            foreach (var map in _maps.Values) map.Dispose();
            _maps.Clear();
        }
        _handle.Dispose();
    }
}
