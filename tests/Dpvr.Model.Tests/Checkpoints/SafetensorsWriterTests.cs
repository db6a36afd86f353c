using Dpvr.Model.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Checkpoints;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Write_OfEveryType_ReadsBackTheSame(ScalarType type)
    {
        var tensor = (randn(3, 5, 7) * 40).abs().to(type);

        SafetensorsWriter.Write(Target, [("t", tensor)]);
        using var file = SafetensorsFile.Open(Target);
        var back = file.Read("t");

        back.dtype.Should().Be(type);
        AssertSame(back, tensor);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Write_WithType_ConvertsFloatsAndLeavesTheRest(ScalarType type)
    {
        Tensor weight = randn(33, 5), ids = arange(9);

        SafetensorsWriter.Write(Target, [("ids", ids), ("weight", weight)], type);
        using var file = SafetensorsFile.Open(Target);

        AssertSame(file.Read("weight"), weight.to(type));
        AssertSame(file.Read("ids"), ids);
    }

    [Fact]
    public void Write_LargerThanAChunk_KeepsTheOrder()
    {
        var long1 = arange(5_000_000, ScalarType.Int32); // 20 MB: three chunks

        SafetensorsWriter.Write(Target, [("t", long1)]);
        using var file = SafetensorsFile.Open(Target);

        AssertSame(file.Read("t"), long1);
    }

    [Fact]
    public void Write_OfViewsScalarsAndEmptyTensors_WritesWhatTheyShow()
    {
        Tensor columns = arange(12).view(3, 4).t(), scalar = tensor(7.5f), none = empty([0, 4]);

        SafetensorsWriter.Write(Target, [("columns", columns), ("scalar", scalar), ("none", none), ("rows", columns.narrow(0, 1, 2))]);
        using var file = SafetensorsFile.Open(Target);

        AssertSame(file.Read("columns"), columns);
        AssertSame(file.Read("rows"), columns.narrow(0, 1, 2));
        file.Read("scalar").item<float>().Should().Be(7.5f);
        file.Read("none").shape.Should().Equal(0, 4);
    }

    [Fact]
    public void Write_OfMixedTypes_AlignsEveryTensor()
    {
        SafetensorsWriter.Write(Target, [("odd", zeros(3, ScalarType.Byte)), ("half", zeros(3, ScalarType.Float16)), ("wide", zeros(3, ScalarType.Int64)), ("b", zeros(3)), ("a", zeros(3))]);
        using var file = SafetensorsFile.Open(Target);

        file.Tensors.Values.Should().OnlyContain(t => t.Offset % SafetensorsType.SizeOf(t.Type) == 0);
        file.Tensors.Values.MinBy(t => t.Offset)!.Offset.Should().Match(o => o % 8 == 0);
        file.Tensors.Values.OrderBy(t => t.Offset).Select(t => t.Name).Should().Equal("wide", "a", "b", "half", "odd");
    }

    [Fact]
    public void Write_WithMetadata_KeepsItBesideTheFormat()
    {
        SafetensorsWriter.Write(Target, [("t", zeros(1))], metadata: new Dictionary<string, string> { ["step"] = "12 \"é\"" });
        using var file = SafetensorsFile.Open(Target);

        file.Metadata.Should().BeEquivalentTo(new Dictionary<string, string> { ["format"] = "pt", ["step"] = "12 \"é\"" });
    }

    [Fact]
    public void Write_WhenItFails_LeavesTheOldFileAndNoOther()
    {
        SafetensorsWriter.Write(Target, [("t", ones(2))]);
        var gone = zeros(2);
        IEnumerable<(string, Tensor)> Tensors()
        {
            yield return ("a", zeros(2));
            yield return ("t", gone);
        }
        var parts = Tensors().ToArray();
        gone.Dispose();

        Assert.ThrowsAny<Exception>(() => SafetensorsWriter.Write(Target, parts));

        using var file = SafetensorsFile.Open(Target);
        file.Tensors.Keys.Should().Equal("t");
        Directory.GetFiles(_folder.Path).Should().Equal(Target);
    }

    [Fact]
    public void Write_WhenTheDiskFailsInMidWrite_LeavesTheOldFileAndNoOther()
    {
        File.WriteAllText(Target, "old");

        Assert.Throws<IOException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("disk full");
        }));

        File.ReadAllText(Target).Should().Be("old");
        Directory.GetFiles(_folder.Path).Should().Equal(Target);
    }

    [Fact]
    public void Write_WhenANameIsGivenTwice_NamesIt() =>
        Assert.Throws<CheckpointException>(() => SafetensorsWriter.Write(Target, [("t", zeros(1)), ("t", zeros(2))])).Message.Should().Contain("'t'");

    private static void AssertSame(Tensor got, Tensor want)
    {
        got.dtype.Should().Be(want.dtype);
        got.shape.Should().Equal(want.shape);
        got.eq(want).all().item<bool>().Should().BeTrue();
    }

    private string Target => _folder.Of("t.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }
}
