using System.Buffers.Binary;
using System.Text;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Tokens;

/// <summary>Reads <c>tokenizer.model</c>: SentencePiece's <c>ModelProto</c> (google/sentencepiece, src/sentencepiece_model.proto), of which a few fields matter.</summary>
internal static class SentencePieceFile
{
    private enum Kind
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
        UserDefined = 4,
        Unused = 5,
        Byte = 6,
    }

    /// <exception cref="CheckpointException">The file is no SentencePiece BPE model, or needs something this reader does not do.</exception>
    public static TokenizerSpec Read(string path)
    {
        var pieces = new List<(string Text, float Score, Kind Kind)>();
        var trainer = new Trainer();
        var normalizer = new Normalizer();
        try
        {
            foreach (var field in Fields(File.ReadAllBytes(path)))
                switch (field.Number)
                {
                    case 1: pieces.Add(ReadPiece(field.Bytes)); break;
                    case 2: trainer = ReadTrainer(trainer, field.Bytes); break;
                    case 3: normalizer = ReadNormalizer(normalizer, field.Bytes); break;
                }
        }
        catch (InvalidDataException e)
        {
            throw new CheckpointException($"{path}: not a SentencePiece model ({e.Message})", e);
        }
        Check(path, pieces, trainer, normalizer);
        return Build(pieces, trainer, normalizer);
    }

    private static void Check(string path, List<(string Text, float Score, Kind Kind)> pieces, Trainer trainer, Normalizer normalizer)
    {
        if (pieces.Count == 0) throw new CheckpointException($"{path}: not a SentencePiece model (it has no pieces)");
        if (trainer.ModelType != 2)
            throw new CheckpointException($"{path}: trainer_spec.model_type is {trainer.ModelType}; only 2 (BPE) is supported");
        if (trainer.WhitespaceSuffix)
            throw new CheckpointException($"{path}: trainer_spec.treat_whitespace_as_suffix is true; only false is supported");
        if (normalizer.HasCharsMap)
            throw new CheckpointException($"{path}: normalizer_spec.name is '{normalizer.Name}'; only 'identity' (as LLaMA has it) is supported");
        if (pieces.FindIndex(p => p.Kind == Kind.Unused) is var unused and >= 0)
            throw new CheckpointException($"{path}: piece {unused} '{pieces[unused].Text}' has type UNUSED, which is not supported");
        foreach (var (name, id) in new[] { ("unk_id", trainer.Unk), ("bos_id", trainer.Bos), ("eos_id", trainer.Eos), ("pad_id", trainer.Pad) })
            if (id >= pieces.Count) throw new CheckpointException($"{path}: trainer_spec.{name} is {id}, but there are {pieces.Count} pieces");
    }

    private static TokenizerSpec Build(List<(string Text, float Score, Kind Kind)> pieces, Trainer trainer, Normalizer normalizer)
    {
        // Pieces of equal score have equal rank, so that the leftmost of them is merged first.
        var rankOf = pieces.Select(p => p.Score).Distinct().OrderDescending().Select((score, rank) => (score, rank)).ToDictionary(x => x.score, x => x.rank);
        string?[] texts = [.. pieces.Select(p => p.Text)];
        return new TokenizerSpec
        {
            Pieces = texts,
            Ranks = [.. pieces.Select(p => p.Kind is Kind.Normal or Kind.UserDefined ? rankOf[p.Score] : -1)],
            UserDefined = [.. Enumerable.Range(0, pieces.Count).Where(i => pieces[i].Kind == Kind.UserDefined && pieces[i].Text.Length > 0)],
            Added = [.. Enumerable.Range(0, pieces.Count).Where(i => pieces[i].Kind is Kind.Control or Kind.Unknown).Select(i => new AddedToken(i, pieces[i].Text))],
            ByteIds = TokenizerSpec.FindByteIds([.. pieces.Select(p => p.Kind == Kind.Byte ? p.Text : null)]),
            ByteFallback = trainer.ByteFallback,
            Prefix = normalizer.DummyPrefix ? DummyPrefix.Prepend : DummyPrefix.Never,
            EscapeSpaces = normalizer.EscapeSpaces,
            CollapseSpaces = normalizer.CollapseSpaces,
            StripStart = normalizer.DummyPrefix ? 1 : 0,
            BosId = Id(trainer.Bos),
            EosId = Id(trainer.Eos),
            PadId = Id(trainer.Pad),
            UnkId = Id(trainer.Unk),
        };
    }

    private static int? Id(int id) => id < 0 ? null : id;

    private static (string Text, float Score, Kind Kind) ReadPiece(byte[] message)
    {
        string text = "";
        float score = 0;
        var kind = Kind.Normal;
        foreach (var field in Fields(message))
            switch (field.Number)
            {
                case 1: text = Encoding.UTF8.GetString(field.Bytes); break;
                case 2: score = BitConverter.UInt32BitsToSingle((uint)field.Value); break;
                case 3: kind = (Kind)field.Value; break;
            }
        return (text, score, kind);
    }

    private static Trainer ReadTrainer(Trainer trainer, byte[] message)
    {
        foreach (var field in Fields(message))
            trainer = field.Number switch
            {
                3 => trainer with { ModelType = (int)field.Value },
                24 => trainer with { WhitespaceSuffix = field.Value != 0 },
                35 => trainer with { ByteFallback = field.Value != 0 },
                40 => trainer with { Unk = (int)field.Value },
                41 => trainer with { Bos = (int)field.Value },
                42 => trainer with { Eos = (int)field.Value },
                43 => trainer with { Pad = (int)field.Value },
                _ => trainer,
            };
        return trainer;
    }

    private static Normalizer ReadNormalizer(Normalizer normalizer, byte[] message)
    {
        foreach (var field in Fields(message))
            normalizer = field.Number switch
            {
                1 => normalizer with { Name = Encoding.UTF8.GetString(field.Bytes) },
                2 => normalizer with { HasCharsMap = field.Bytes.Length > 0 },
                3 => normalizer with { DummyPrefix = field.Value != 0 },
                4 => normalizer with { CollapseSpaces = field.Value != 0 },
                5 => normalizer with { EscapeSpaces = field.Value != 0 },
                _ => normalizer,
            };
        return normalizer;
    }

    /// <summary>The protobuf wire format: varints, fixed 32/64, length-delimited.</summary>
    private static IEnumerable<(int Number, ulong Value, byte[] Bytes)> Fields(byte[] data)
    {
        int at = 0;
        while (at < data.Length)
        {
            ulong key = Varint(data, ref at);
            int number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return (number, Varint(data, ref at), []);
                    break;
                case 1:
                    yield return (number, BinaryPrimitives.ReadUInt64LittleEndian(Take(data, 8, ref at)), []);
                    break;
                case 2:
                    ulong length = Varint(data, ref at);
                    yield return (number, 0, Take(data, length, ref at));
                    break;
                case 5:
                    yield return (number, BinaryPrimitives.ReadUInt32LittleEndian(Take(data, 4, ref at)), []);
                    break;
                default:
                    throw new InvalidDataException($"wire type {key & 7} at byte {at}");
            }
        }
    }

    private static byte[] Take(byte[] data, ulong length, ref int at)
    {
        if (length > (ulong)(data.Length - at)) throw new InvalidDataException($"{length} bytes wanted at byte {at}, {data.Length - at} left");
        var part = data[at..(at + (int)length)];
        at += (int)length;
        return part;
    }

    private static ulong Varint(byte[] data, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at >= data.Length) throw new InvalidDataException("the file ends inside a number");
            byte part = data[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
        throw new InvalidDataException($"a number of more than 64 bits at byte {at}");
    }

    private sealed record Trainer
    {
        public int ModelType { get; init; } = 1;
        public bool WhitespaceSuffix { get; init; }
        public bool ByteFallback { get; init; }
        public int Unk { get; init; }
        public int Bos { get; init; } = 1;
        public int Eos { get; init; } = 2;
        public int Pad { get; init; } = -1;
    }

    private sealed record Normalizer
    {
        public string Name { get; init; } = "";
        public bool HasCharsMap { get; init; }
        public bool DummyPrefix { get; init; } = true;
        public bool CollapseSpaces { get; init; } = true;
        public bool EscapeSpaces { get; init; } = true;
    }
}
