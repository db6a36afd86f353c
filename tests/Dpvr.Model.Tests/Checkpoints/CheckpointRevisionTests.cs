using System.Security.Cryptography;
using System.Text;
using Dpvr.Model.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace Dpvr.Model.Tests.Checkpoints;

public sealed class CheckpointRevisionTests
{
    [Fact]
    public void Revision_OfTheSameContentElsewhere_IsTheSame()
    {
        using ModelFolder a = new ModelFolder().WriteSingle().WriteSideBranch(), b = new ModelFolder().WriteSingle().WriteSideBranch();

        RevisionOf(a).Should().MatchRegex("^[0-9a-f]{64}$").And.Be(RevisionOf(b));
    }

    [Fact]
    public void Revision_WhenOneWeightChanges_Changes()
    {
        using ModelFolder a = new ModelFolder().WriteSingle(), b = new();
        b.Tensors["language_model.model.norm.weight"][7] = 0.123f;

        RevisionOf(a).Should().NotBe(RevisionOf(b.WriteSingle()));
    }

    [Theory]
    [InlineData("generation_config.json")]
    [InlineData("preprocessor_config.json")]
    [InlineData("tokenizer.json")]
    public void Revision_WhenAFileThatShapesResultsChanges_Changes(string name)
    {
        using var folder = new ModelFolder().WriteSingle();
        var before = RevisionOf(folder);

        File.WriteAllText(folder.FileAt(name), "{}");

        RevisionOf(folder).Should().NotBe(before);
    }

    [Fact]
    public void Revision_WhenSideBranchComesOrChanges_Changes()
    {
        using var folder = new ModelFolder().WriteSingle();
        var without = RevisionOf(folder);
        var with = RevisionOf(folder.WriteSideBranch());
        folder.SideBranchConfig["saturation_layer"] = 4;
        folder.SideBranchConfig.Remove("text_only_layers");
        var other = RevisionOf(folder.WriteSideBranch());

        ((string[])[without, with, other]).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Compute_OfALargeFile_SeesTheEndsOfEveryTensor()
    {
        using var folder = new TempFolder();
        using var scope = NewDisposeScope();
        var big = zeros(36L << 20, ScalarType.Float16); // 72 MiB: above what is read whole
        string Revision()
        {
            SafetensorsWriter.Write(folder.Of("model.safetensors"), [("big", big), ("small", zeros(1))]);
            using var file = SafetensorsFile.Open(folder.Of("model.safetensors"));
            return CheckpointRevision.Compute(folder.Path, null, [file]);
        }

        var before = Revision();
        big[^1] = 1f;
        var last = Revision();
        big[0] = 1f;
        var first = Revision();

        ((string[])[before, last, first]).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void Open_WithPin_AcceptsTheFilesHashAndRefusesAnother()
    {
        using var folder = new ModelFolder().WriteSingle();
        var hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(folder.FileAt("model.safetensors"))));

        folder.Open(hash).Dispose();
        folder.Open(hash.ToLowerInvariant()).Dispose();

        folder.Refusal(new string('0', 64)).Should().Contain(hash.ToLowerInvariant()).And.Contain("is pinned");
        folder.Refusal("abc").Should().Contain("64 hex digits");
    }

    [Fact]
    public void Open_OfShardsWithPin_AcceptsTheHashOfTheirHashes()
    {
        using var folder = new ModelFolder().WriteSharded();
        var lines = string.Concat(Directory.GetFiles(folder.Path, "model-*.safetensors").Order(StringComparer.Ordinal)
            .Select(f => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))}  {Path.GetFileName(f)}\n"));

        folder.Open(Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(lines)))).Dispose();
    }

    private static string RevisionOf(ModelFolder folder)
    {
        using var checkpoint = folder.Open();
        return checkpoint.Revision;
    }
}
