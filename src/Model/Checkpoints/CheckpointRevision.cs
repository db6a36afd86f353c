using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Dpvr.Model.Checkpoints;

/// <summary>Content ids of a checkpoint: a cheap one for the identity of work, and the full one that a user can pin.</summary>
internal static class CheckpointRevision
{
    private const long WholeUpTo = 64L << 20;
    private const int SampleBytes = 4096;

    /// <summary>What shapes a result besides weights. Absent files count as absent.</summary>
    private static readonly string[] SmallFiles =
    [
        LlavaConfig.FileName, GenerationConfig.FileName, "preprocessor_config.json", "processor_config.json", "tokenizer.json", "tokenizer.model",
        "tokenizer_config.json", "added_tokens.json", "special_tokens_map.json", "chat_template.json", "chat_template.jinja",
    ];

    /// <summary>
    /// SHA-256 over the small files, and of every weight file its size, its header and its data: all of it up to 64 MiB,
    /// above that the first, middle and last 4 KiB of every tensor. So 14 GB cost about 10 MB of reading, and every
    /// training step gives another id; only a change that spares all samples of all tensors would not.
    /// </summary>
    internal static string Compute(string folder, string? sideBranchConfig, IEnumerable<SafetensorsFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in SmallFiles) AddSmall(hash, name, Path.Combine(folder, name));
        if (sideBranchConfig is not null) AddSmall(hash, DpvrConfig.FileName, sideBranchConfig);
        foreach (var file in files)
        {
            Add(hash, Path.GetFileName(file.Path));
            Add(hash, file.Size);
            hash.AppendData(file.HeaderJson);
            AddData(hash, file);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// One weight file: its SHA-256 (what <c>sha256sum</c> prints). Several: the SHA-256 of their sha256sum lines in name
    /// order, <c>sha256sum model-*.safetensors | sha256sum</c>. Reads everything.
    /// </summary>
    internal static string ComputeFull(IReadOnlyList<SafetensorsFile> files)
    {
        if (files.Count == 1) return OfFile(files[0].Path);
        var lines = files.OrderBy(f => f.Path, StringComparer.Ordinal).Select(f => $"{OfFile(f.Path)}  {Path.GetFileName(f.Path)}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    private static string OfFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static void AddData(IncrementalHash hash, SafetensorsFile file)
    {
        if (file.Size <= WholeUpTo)
        {
            AddRange(hash, file, 0, file.Size);
            return;
        }
        foreach (var entry in file.Tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.Name, StringComparer.Ordinal))
        {
            AddRange(hash, file, entry.Offset, Math.Min(SampleBytes, entry.Length));
            if (entry.Length <= SampleBytes) continue;
            AddRange(hash, file, entry.Offset + (entry.Length - SampleBytes) / 2, SampleBytes);
            AddRange(hash, file, entry.Offset + entry.Length - SampleBytes, SampleBytes);
        }
    }

    private static void AddRange(IncrementalHash hash, SafetensorsFile file, long offset, long length)
    {
        var buffer = new byte[Math.Min(length, 1 << 20)];
        for (var at = 0L; at < length; at += buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at));
            if (file.ReadBytes(part, offset + at) < part.Length) throw new CheckpointException($"{file.Path}: the file ended while it was read.");
            hash.AppendData(part);
        }
    }

    private static void AddSmall(IncrementalHash hash, string name, string path)
    {
        if (!File.Exists(path)) return;
        var bytes = File.ReadAllBytes(path);
        Add(hash, name);
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }
}
