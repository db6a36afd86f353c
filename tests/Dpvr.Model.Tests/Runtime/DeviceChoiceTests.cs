using Dpvr.Model.Layers;
using Dpvr.Model.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Runtime;

public sealed class DeviceChoiceTests
{
    private static bool HasCuda => File.Exists(Path.Combine(LibTorch.EnsureLoaded(), "libtorch_cuda.so"));

    [Theory]
    [InlineData("auto", ScalarType.Float32), InlineData("float32", ScalarType.Float32), InlineData("fp32", ScalarType.Float32)]
    public void Parse_OfTheCpu_TakesTheDtype(string dtype, ScalarType expected)
    {
        var placement = DeviceChoice.Parse("cpu", dtype);
        (placement.Device.type, placement.Dtype).Should().Be((DeviceType.CPU, expected));
    }

    [Fact]
    public void Parse_OfBfloat16OnTheCpu_TakesItOnlyWhereItIsFaster()
    {
        if (CpuFeatures.Bfloat16) DeviceChoice.Parse("cpu", "bf16").Dtype.Should().Be(ScalarType.BFloat16);
        else FluentActions.Invoking(() => DeviceChoice.Parse("cpu", "bf16")).Should().Throw<ArgumentException>().WithMessage("bfloat16 is several times slower*use float32*");
        FluentActions.Invoking(() => DeviceChoice.Parse("cpu", "float16")).Should().Throw<ArgumentException>().WithMessage("float16 is several times slower*use float32*");
    }

    [Theory]
    [InlineData("gpu"), InlineData("cuda:"), InlineData("cuda:x"), InlineData("cuda:-1"), InlineData("cuda:0:1"), InlineData("")]
    public void Parse_OfNoDevice_SaysWhatIsAllowed(string device) =>
        FluentActions.Invoking(() => DeviceChoice.Parse(device)).Should().Throw<ArgumentException>().WithMessage($"'{device}' is not a device; allowed are auto, cpu, cuda and cuda:N.*");

    [Fact]
    public void Parse_OfNoDtype_SaysWhatIsAllowed() =>
        FluentActions.Invoking(() => DeviceChoice.Parse("cpu", "int4")).Should().Throw<ArgumentException>().WithMessage("'int4' is not a dtype; allowed are auto, float32, bfloat16, float16 and int8*");

    [Fact]
    public void Parse_OfInt8_TakesItOnlyWhereProductsOfBytesAreExact()
    {
        if (CpuFeatures.ByteProducts) DeviceChoice.Parse("cpu", "int8").Should().Match<Placement>(p => p.Bytes && p.Dtype == ScalarType.Float32 && p.DtypeName == "int8");
        else FluentActions.Invoking(() => DeviceChoice.Parse("cpu", "int8")).Should().Throw<ArgumentException>().WithMessage("int8 needs a CPU with AVX-512 VNNI*use float32*");
    }

    [Theory, InlineData("cuda"), InlineData("cuda:3")]
    public void Parse_OfCudaWithoutIt_SaysWhatToDo(string device)
    {
        Assert.SkipUnless(!HasCuda, "this libtorch has CUDA");
        FluentActions.Invoking(() => DeviceChoice.Parse(device)).Should().Throw<DeviceUnavailableException>().WithMessage($"'{device}' needs a libtorch with CUDA*{LibTorch.PathVariable}*");
        DeviceChoice.Parse("auto").Device.type.Should().Be(DeviceType.CPU);
    }
}
