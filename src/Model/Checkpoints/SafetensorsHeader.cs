using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using static TorchSharp.torch;

namespace Dpvr.Model.Checkpoints;

/// <summary>
/// Reads and validates a safetensors header before a single byte of data is touched: afterwards every entry is known to
/// lie inside the file, to match its shape, and to share no byte with another. Format: 8-byte little-endian header
/// length, JSON header, data (github.com/huggingface/safetensors, "Format").
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The cap of the reference implementation; a 7B header has about 80 kB.</summary>
    internal const int MaxHeaderBytes = 100_000_000;
    private const int MaxDepth = 4; // object, tensor object, array: one more than a true header needs
    private const int MaxRank = 16;

    private readonly string _file;
    private readonly long _dataStart, _dataLength;
    private readonly Dictionary<string, TensorEntry> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private bool _metadataSeen;

    private SafetensorsHeader(string file, long dataStart, long dataLength, byte[] json)
    {
        _file = file;
        _dataStart = dataStart;
        _dataLength = dataLength;
        Json = json;
        Parse();
        RequireGapless();
    }

    internal byte[] Json { get; }
    internal IReadOnlyDictionary<string, TensorEntry> Tensors => _tensors;
    internal IReadOnlyDictionary<string, string> Metadata => _metadata;

    internal static SafetensorsHeader Read(string file, SafeFileHandle handle)
    {
        var size = RandomAccess.GetLength(handle);
        Span<byte> prefix = stackalloc byte[8];
        if (size < 8 || RandomAccess.Read(handle, prefix, 0) < 8)
            throw new CheckpointException($"{file}: {size} bytes are no safetensors file; at least 8 are needed.");
        if (prefix.SequenceEqual("version "u8))
            throw new CheckpointException($"{file}: this is a Git LFS pointer, not the weights. Fetch them (git lfs pull) or download the file itself.");

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes)
            throw new CheckpointException($"{file}: header length {length} is above the limit of {MaxHeaderBytes} bytes.");
        if ((long)length > size - 8)
            throw new CheckpointException($"{file}: header length {length} reaches beyond the file, which has {size} bytes.");

        var json = new byte[length];
        for (var read = 0; read < json.Length;)
        {
            var n = RandomAccess.Read(handle, json.AsSpan(read), 8 + read);
            if (n == 0) throw new CheckpointException($"{file}: the file ended while its header was read.");
            read += n;
        }
        return new SafetensorsHeader(file, 8 + json.Length, size - 8 - json.Length, json);
    }

    private void Parse()
    {
        try
        {
            if (Json is not [(byte)'{', ..]) throw Refuse("the header is not a JSON object (it must begin with '{').");
            var reader = new Utf8JsonReader(Json, new JsonReaderOptions { MaxDepth = MaxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                if (name == "__metadata__") ReadMetadata(ref reader);
                else ReadTensor(ref reader, name);
            }
            if (reader.Read()) throw Refuse("there is more than one JSON value in the header.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"{_file}: the header is not valid: {e.Message}", e);
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (_metadataSeen) throw Refuse("'__metadata__' occurs twice.");
        _metadataSeen = true;
        if (reader.TokenType != JsonTokenType.StartObject) throw Refuse("'__metadata__' must be an object of strings.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw Refuse($"'__metadata__' entry '{key}' must be a string.");
            if (!_metadata.TryAdd(key, reader.GetString()!)) throw Refuse($"'__metadata__' entry '{key}' occurs twice.");
        }
    }

    private void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        if (_tensors.ContainsKey(name)) throw Refuse(name, "occurs twice in the header.");
        if (reader.TokenType != JsonTokenType.StartObject) throw Refuse(name, "must be an object with dtype, shape and data_offsets.");

        string? dtype = null;
        List<long>? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString()!;
            reader.Read();
            var twice = field switch { "dtype" => dtype is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (twice) throw Refuse(name, $"field '{field}' occurs twice.");
            switch (field)
            {
                case "dtype" when reader.TokenType == JsonTokenType.String: dtype = reader.GetString()!; break;
                case "shape": shape = ReadNumbers(ref reader, name, field, MaxRank); break;
                case "data_offsets": offsets = ReadNumbers(ref reader, name, field, 2); break;
                case "dtype": throw Refuse(name, "dtype must be a string.");
                default: throw Refuse(name, $"unknown field '{field}'; allowed: dtype, shape, data_offsets.");
            }
        }
        if (dtype is null || shape is null || offsets is not { Count: 2 }) throw Refuse(name, "needs dtype, shape and two data_offsets.");
        _tensors.Add(name, Check(name, dtype, shape, offsets[0], offsets[1]));
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, string field, int max)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Refuse(name, $"{field} must be an array of whole numbers.");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || value < 0)
                throw Refuse(name, $"{field} holds '{System.Text.Encoding.UTF8.GetString(reader.ValueSpan)}'; allowed: whole numbers from 0 to {long.MaxValue}.");
            if (numbers.Count == max) throw Refuse(name, $"{field} has more than {max} numbers.");
            numbers.Add(value);
        }
        return numbers;
    }

    private TensorEntry Check(string name, string dtype, List<long> shape, long begin, long end)
    {
        if (!SafetensorsType.TryParse(dtype, out var type)) throw Refuse(name, $"dtype '{dtype}' is not supported; allowed: {SafetensorsType.Allowed}.");
        if (begin > end) throw Refuse(name, $"data_offsets begin at {begin} after their end {end}.");
        if (end > _dataLength) throw Refuse(name, $"data_offsets end at {end}, but the file holds {_dataLength} bytes of data.");

        var bytes = (UInt128)SafetensorsType.SizeOf(type);
        foreach (var size in shape)
        {
            bytes *= (UInt128)size;
            if (bytes > long.MaxValue) throw Refuse(name, $"shape {TensorEntry.Describe(shape)} of {dtype} is larger than any file.");
        }
        if (bytes != (UInt128)(end - begin))
            throw Refuse(name, $"shape {TensorEntry.Describe(shape)} of {dtype} needs {bytes} bytes, but data_offsets [{begin}, {end}] hold {end - begin}.");
        return new TensorEntry(name, type, shape.AsReadOnly(), _dataStart + begin, end - begin);
    }

    private void RequireGapless()
    {
        var at = _dataStart;
        TensorEntry? before = null;
        foreach (var entry in _tensors.Values.OrderBy(t => t.Offset).ThenBy(t => t.Length))
        {
            if (entry.Offset < at) throw Refuse(entry.Name, $"overlaps tensor '{before!.Name}' by {at - entry.Offset} bytes.");
            if (entry.Offset > at) throw Refuse(entry.Name, $"a hole of {entry.Offset - at} bytes lies before it (data offset {at - _dataStart}).");
            at = entry.Offset + entry.Length;
            before = entry;
        }
        if (at != _dataStart + _dataLength)
            throw Refuse($"{(_dataStart + _dataLength - at).ToString(CultureInfo.InvariantCulture)} bytes after the last tensor{(before is null ? "" : $" '{before.Name}'")} belong to none.");
    }

    private CheckpointException Refuse(string tensor, string what) => Refuse($"tensor '{tensor}': {what}");

    private CheckpointException Refuse(string what) => new($"{_file}: {what}");
}
