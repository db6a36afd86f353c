using System.Runtime.InteropServices;
using Dpvr.Model.Checkpoints;
using Dpvr.Model.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    [Theory]
    [InlineData(0)] // aligned: through the map
    [InlineData(1)] // begins at an odd byte: through the buffer
    public void CopyInto_WhateverTheAlignment_GivesTheStoredValues(int shift)
    {
        float[] values = [1.5f, -2, 3, float.MaxValue, 5, 6];
        using var file = OpenFloats(values, shift);
        var destination = empty([2, 3], float64);

        file.CopyInto("x", destination);

        destination.data<double>().ToArray().Should().Equal(values.Select(v => (double)v));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void CopyInto_WhenDestinationHasStrides_FillsItAlone(int shift)
    {
        using var file = OpenFloats([1, 2, 3, 4, 5, 6], shift);
        var fused = zeros([4, 3], float32);
        var transposed = zeros([3, 2], float32);

        file.CopyInto("x", fused.narrow(0, 1, 2));
        file.CopyInto("x", transposed.t());

        fused.data<float>().ToArray().Should().Equal(0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0, 0);
        transposed.data<float>().ToArray().Should().Equal(1, 4, 2, 5, 3, 6);
    }

    [Fact]
    public void CopyInto_WhenShapesDiffer_NamesBoth()
    {
        using var file = OpenFloats([1, 2, 3, 4, 5, 6], 0);

        Assert.Throws<CheckpointException>(() => file.CopyInto("x", empty([3, 2]))).Message
            .Should().Contain("'x'").And.Contain("[2, 3]").And.Contain("[3, 2]");
    }

    [Fact]
    public void CopyInto_WhenTensorIsMissing_NamesIt()
    {
        using var file = OpenFloats([1, 2, 3, 4, 5, 6], 0);

        Assert.Throws<CheckpointException>(() => file.CopyInto("y", empty([3, 2]))).Message.Should().Contain("'y'").And.Contain(file.Path);
    }

    [Fact]
    public void CopyInto_WhenDestinationIsTrained_LeavesNoGraph()
    {
        using var file = OpenFloats([1, 2, 3, 4, 5, 6], 0);
        var parameter = zeros([2, 3], requires_grad: true);

        file.CopyInto("x", parameter);

        parameter.is_leaf.Should().BeTrue();
        parameter[1, 2].item<float>().Should().Be(6);
    }

    [Theory]
    [InlineData("I64")]
    [InlineData("U8")]
    [InlineData("F32")]
    public void Read_OfGoldenTensors_KeepsTheirType(string type)
    {
        var path = type == "U8" ? Path.Combine(GoldenFolder.Root, "images/golden/exif6_160x120.safetensors") : Path.Combine(GoldenFolder.Root, "tiny-a/dense/text_image_text.safetensors");
        Assert.SkipUnless(File.Exists(path), "this golden folder has other cases");
        using var file = SafetensorsFile.Open(path);

        var (name, dtype) = type switch { "I64" => ("input_ids", int64), "U8" => ("decoded_rgb", uint8), _ => ("logits_last", float32) };
        var tensor = file.Read(name);

        tensor.dtype.Should().Be(dtype);
        tensor.shape.Should().Equal(file.Tensors[name].Shape);
        if (type == "I64") tensor.data<long>().ToArray()[..6].Should().Equal(1, 204, 222, 132, 267, 7);
    }

    [Fact]
    public void Read_AfterDispose_Throws()
    {
        var file = OpenFloats([1, 2, 3, 4, 5, 6], 0);
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.Read("x"));
    }

    [Fact]
    public void CopyInto_LeavesNoTensorBehind()
    {
        using var file = OpenFloats([1, 2, 3, 4, 5, 6], 0);
        var destination = empty([2, 3]);
        using var scope = NewDisposeScope();

        file.CopyInto("x", destination);

        scope.DisposablesCount.Should().Be(0);
    }

    [Theory]
    [InlineData("U8", 1)]
    [InlineData("BF16", 2)]
    public void CopyInto_FromBeyondFourGiB_ReadsTheRightPlace(string type, int size)
    {
        const long Far = 5L << 30;
        var header = $"{{{RawSafetensors.Tensor("\"far\"", "U8", $"[{Far}]", 0, Far)},{RawSafetensors.Tensor("\"x\"", type, "[2]", Far, Far + 2 * size)}}}";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        var path = RawSafetensors.Write(_folder.Of("far.safetensors"), header, []);
        using (var stream = File.OpenWrite(path)) // sparse: the hole costs nothing and reads as 0
        {
            stream.Position = stream.Length + Far;
            stream.Write(type == "U8" ? [3, 7] : [0x40, 0x40, 0xE0, 0x40]);
        }
        using var file = SafetensorsFile.Open(path);
        var destination = empty([2]);

        file.CopyInto("x", destination);

        destination.data<float>().ToArray().Should().Equal(3, 7);
    }

    /// <summary>Tensor "x" F32 [2, 3] after <paramref name="shift"/> bytes of another.</summary>
    private SafetensorsFile OpenFloats(float[] values, int shift)
    {
        var header = $"{{{RawSafetensors.Tensor("\"s\"", "U8", $"[{shift}]", 0, shift)},{RawSafetensors.Tensor("\"x\"", "F32", "[2,3]", shift, shift + 24)}}}";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] data = [.. new byte[shift], .. MemoryMarshal.AsBytes(values.AsSpan())];
        return SafetensorsFile.Open(RawSafetensors.Write(_folder.Of($"x{shift}.safetensors"), header, data));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }
}
