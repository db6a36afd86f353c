using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Tests.Checkpoints;

public sealed class SafetensorsHeaderTests : IDisposable
{
    private const string A = """
        "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}
        """;

    private readonly TempFolder _folder = new();

    /// <summary>Header, bytes of data, and what the refusal must say. Every one differs from a sound file by one thing.</summary>
    public static TheoryData<string, int, string[]> Unsound() => new()
    {
        { $"{{{A},{A.Replace("[0,8]", "[8,16]")}}}", 16, ["tensor 'a'", "twice"] },
        { $"{{{A},{A.Replace("\"a\"", "\"\\u0061\"").Replace("[0,8]", "[8,16]")}}}", 16, ["tensor 'a'", "twice"] },
        { $"{{{A},{RawSafetensors.Tensor("\"b\"", "F32", "[2]", 4, 12)}}}", 12, ["tensor 'b'", "overlaps tensor 'a' by 4"] },
        { $"{{{A},{RawSafetensors.Tensor("\"b\"", "F32", "[2]", 0, 8)}}}", 8, ["overlaps"] },
        { $"{{{A},{RawSafetensors.Tensor("\"b\"", "F32", "[2]", 12, 20)}}}", 20, ["tensor 'b'", "hole of 4 bytes"] },
        { $"{{{RawSafetensors.Tensor("\"b\"", "F32", "[2]", 4, 12)}}}", 12, ["tensor 'b'", "hole of 4 bytes"] },
        { $"{{{A}}}", 12, ["4 bytes after the last tensor 'a'"] },
        { "{}", 1, ["1 bytes after the last tensor"] },
        { $"{{{A}}}", 4, ["tensor 'a'", "end at 8", "4 bytes of data"] },
        { $"{{{RawSafetensors.Tensor("\"a\"", "F32", "[2]", 8, 0)}}}", 8, ["tensor 'a'", "begin at 8 after their end 0"] },
        { $"{{{RawSafetensors.Tensor("\"a\"", "F32", "[3]", 0, 8)}}}", 8, ["tensor 'a'", "[3]", "needs 12 bytes", "hold 8"] },
        { $"{{{RawSafetensors.Tensor("\"a\"", "F32", "[4294967296,4294967296,4294967296]", 0, 8)}}}", 8, ["tensor 'a'", "larger than any file"] },
        { $"{{{RawSafetensors.Tensor("\"a\"", "F32", "[4611686018427387906]", 0, 8)}}}", 8, ["tensor 'a'", "larger than any file"] }, // ·4 wraps round to 8 in 64 bits
        { $"{{{RawSafetensors.Tensor("\"a\"", "F32", "[9223372036854775808]", 0, 8)}}}", 8, ["tensor 'a'", "shape holds '9223372036854775808'"] },
        { $"{{{RawSafetensors.Tensor("\"a\"", "F32", "[-2]", 0, 8)}}}", 8, ["tensor 'a'", "shape holds '-2'"] },
        { $"{{{RawSafetensors.Tensor("\"a\"", "F32", "[2.0]", 0, 8)}}}", 8, ["tensor 'a'", "shape holds '2.0'"] },
        { $"{{{RawSafetensors.Tensor("\"a\"", "F32", "2", 0, 8)}}}", 8, ["tensor 'a'", "shape must be an array"] },
        { $"{{{RawSafetensors.Tensor("\"a\"", "F32", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2]", 0, 8)}}}", 8, ["tensor 'a'", "more than 16"] },
        { $"{{{RawSafetensors.Tensor("\"a\"", "F8_E4M3", "[8]", 0, 8)}}}", 8, ["tensor 'a'", "'F8_E4M3'", "BF16"] },
        { """{"a":{"dtype":4,"shape":[2],"data_offsets":[0,8]}}""", 8, ["tensor 'a'", "dtype must be a string"] },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", 8, ["tensor 'a'", "data_offsets has more than 2"] },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, ["tensor 'a'", "two data_offsets"] },
        { """{"a":{"dtype":"F32","shape":[2]}}""", 8, ["tensor 'a'", "two data_offsets"] },
        { """{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", 8, ["tensor 'a'", "'shape' occurs twice"] },
        { """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}""", 8, ["tensor 'a'", "unknown field 'x'"] },
        { """{"a":[0,8]}""", 8, ["tensor 'a'", "must be an object"] },
        { """{"__metadata__":{"k":1}}""", 0, ["'k' must be a string"] },
        { """{"__metadata__":{},"__metadata__":{}}""", 0, ["'__metadata__' occurs twice"] },
        { """{"__metadata__":{"k":"1","k":"2"}}""", 0, ["'k' occurs twice"] },
        { $"{{{A}}}{{}}", 8, ["not valid"] },
        { $"{{{A}", 8, ["not valid"] },
        { "[1]", 0, ["must begin with '{'"] },
        { "", 0, ["must begin with '{'"] },
        { """{"a":{"dtype":"F32","shape":[[[[2]]]],"data_offsets":[0,8]}}""", 8, ["tensor 'a'", "shape holds"] },
    };

    [Theory]
    [MemberData(nameof(Unsound))]
    public void Open_WhenHeaderIsUnsound_NamesTensorAndValue(string header, int bytes, string[] says)
    {
        var path = RawSafetensors.Write(_folder.Of("bad.safetensors"), header, new byte[bytes]);

        var refusal = Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path)).Message;

        refusal.Should().StartWith(path);
        foreach (var part in says) refusal.Should().Contain(part);
    }

    [Theory]
    [InlineData(1UL << 63, "9223372036854775808 is above the limit")]
    [InlineData(ulong.MaxValue, "18446744073709551615 is above the limit")]
    [InlineData(100_000_001UL, "100000001 is above the limit")]
    [InlineData(1000UL, "1000 reaches beyond the file")]
    public void Open_WhenHeaderLengthIsWrong_RefusesBeforeReading(ulong length, string says)
    {
        var path = RawSafetensors.Write(_folder.Of("bad.safetensors"), $"{{{A}}}", new byte[8], length);

        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(path)).Message.Should().Contain(says);
    }

    [Theory]
    [InlineData("", "0 bytes")]
    [InlineData("1234567", "7 bytes")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer")]
    public void Open_WhenFileIsSomethingElse_SaysWhat(string content, string says)
    {
        File.WriteAllText(_folder.Of("bad.safetensors"), content);

        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(_folder.Of("bad.safetensors"))).Message.Should().Contain(says);
    }

    [Fact]
    public void Open_WhenFileIsMissing_NamesIt() =>
        Assert.Throws<CheckpointException>(() => SafetensorsFile.Open(_folder.Of("none.safetensors"))).Message.Should().Contain("none.safetensors");

    [Fact]
    public void Open_WhenHeaderIsSound_ReadsEntriesAndMetadata()
    {
        var header = $$"""{"__metadata__":{"format":"pt"},{{A}},{{RawSafetensors.Tensor("\"empty\"", "I64", "[0,3]", 8, 8)}},{{RawSafetensors.Tensor("\"scalar\"", "U8", "[]", 8, 9)}}}   """;
        using var file = SafetensorsFile.Open(RawSafetensors.Write(_folder.Of("good.safetensors"), header, new byte[9]));

        file.Tensors.Keys.Should().BeEquivalentTo("a", "empty", "scalar");
        file.Tensors["empty"].Shape.Should().Equal(0, 3);
        file.Tensors["scalar"].Should().Match<TensorEntry>(t => t.Length == 1 && t.Shape.Count == 0 && t.Offset == 8 + header.Length + 8);
        file.Metadata.Should().ContainSingle().Which.Value.Should().Be("pt");
    }

    public void Dispose() => _folder.Dispose();
}
