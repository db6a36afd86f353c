using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsCheck;

namespace Dpvr.Model.Tests.Tokens;

public sealed class SentencePieceLiveTests
{
    /// <summary>Fresh random lines each run, given to SentencePiece's own program where it is installed (Debian package <c>sentencepiece</c>).</summary>
    [Fact]
    public async Task Encode_WhenSentencePieceIsInstalled_EqualsIt()
    {
        string model = Path.Combine(TokenFixtures.SentencePiece, "tokenizer.model");
        var start = new ProcessStartInfo("spm_encode", ["--model=" + model, "--output_format=id"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
        };
        Process? started = null;
        try
        {
            started = Process.Start(start);
        }
        catch (Win32Exception)
        {
            // Reported below as a skip.
        }
        Assert.SkipUnless(started is not null, "spm_encode is not installed (Debian package sentencepiece)");
        using var process = started!;
        var words = TokenFixtures.Read("encoded.jsonl").Select(c => Line(c.Text)).ToArray();
        var lines = new List<string>();
        Gen.OneOf(TokenizerTests.AnyText.Select(Line), Gen.Int[0, words.Length - 1].Select(i => words[i]).Array[1, 6].Select(w => string.Concat(w)))
            .Array[2000].Sample(batch => lines.AddRange(batch), iter: 1, threads: 1);
        var reading = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(string.Join('\n', lines) + "\n");
        process.StandardInput.Close();
        string[] output = (await reading).Split('\n');
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var tokenizer = TokenFixtures.LoadSentencePiece();
        output.Length.Should().Be(lines.Count + 1);
        for (int i = 0; i < lines.Count; i++)
            tokenizer.Encode(lines[i], addBos: false).Should().Equal(
                output[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)), "of {0}", lines[i]);
    }

    /// <summary>The program reads lines, and a NUL ends its text.</summary>
    private static string Line(string text) => text.Replace('\n', ' ').Replace("\0", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
}
