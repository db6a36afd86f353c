using static TorchSharp.torch;

namespace Dpvr.Model.Language;

/// <summary>
/// Where the tokens of a batch of prompts stand. A prompt is token ids in which one image token stands for each image
/// (or for each of its <c>imageTokens</c> vision tokens: both forms are read); vision and text tokens are laid out apart.
/// </summary>
/// <param name="TextIds">Text token ids (B, T), padded with 0.</param>
/// <param name="TextPositions">Positions (B, T), padded with 0.</param>
/// <param name="TextValid">False at padding (B, T).</param>
/// <param name="ImagePositions">Positions of vision tokens (B, I), or null when no prompt has an image.</param>
/// <param name="ImageValid">False where a row has fewer images than the widest one.</param>
/// <param name="Last">Index (B) of each row's last token among vision tokens, then text tokens.</param>
/// <param name="TextBranch">Branch of each text token (B, T), 0 for what a row's branches share; null when no row has branches.</param>
/// <param name="Images">Images of each row.</param>
/// <param name="Lengths">Length of each row, vision tokens counted.</param>
internal sealed record PromptBatch(
    Tensor TextIds, Tensor TextPositions, Tensor TextValid, Tensor? ImagePositions, Tensor? ImageValid, Tensor Last, Tensor? TextBranch,
    IReadOnlyList<int> Images, IReadOnlyList<int> Lengths)
{
    internal static PromptBatch Of(IReadOnlyList<IReadOnlyList<int>> prompts, int imageToken, int imageTokens, Device device) =>
        Of([.. prompts.Select(p => new BranchedPrompt(p, []))], imageToken, imageTokens, device);

    internal static PromptBatch Of(IReadOnlyList<BranchedPrompt> prompts, int imageToken, int imageTokens, Device device)
    {
        var rows = prompts.Select(p => Row.Of(p, imageToken, imageTokens)).ToArray();
        int count = rows.Length, text = Math.Max(1, rows.Max(r => r.Ids.Count)), image = rows.Max(r => r.ImagePositions.Count);
        long[] ids = new long[count * text], branch = new long[count * text], positions = new long[count * text], imagePositions = new long[count * image], last = new long[count];
        bool[] valid = new bool[count * text], imageValid = new bool[count * image];
        for (var r = 0; r < count; r++)
        {
            var row = rows[r];
            for (var t = 0; t < row.Ids.Count; t++)
                (ids[r * text + t], positions[r * text + t], branch[r * text + t], valid[r * text + t]) = (row.Ids[t], row.Positions[t], row.Branches[t], true);
            for (var i = 0; i < row.ImagePositions.Count; i++)
                (imagePositions[r * image + i], imageValid[r * image + i]) = (row.ImagePositions[i], true);
            last[r] = row.EndsWithImage ? row.ImagePositions.Count - 1 : image + row.Ids.Count - 1;
        }
        Tensor Place(Tensor values, long width) => values.to(device).view(count, width);
        return new PromptBatch(
            Place(tensor(ids), text), Place(tensor(positions), text), Place(tensor(valid), text),
            image == 0 ? null : Place(tensor(imagePositions), image), image == 0 ? null : Place(tensor(imageValid), image),
            tensor(last, device: device), prompts.All(p => p.Branches.Count == 0) ? null : Place(tensor(branch), text),
            [.. rows.Select(r => r.ImagePositions.Count / imageTokens)], [.. rows.Select(r => r.Ids.Count + r.ImagePositions.Count)]);
    }

    private sealed class Row(int imageToken, int imageTokens)
    {
        internal List<long> Ids { get; } = [];
        internal List<long> Positions { get; } = [];
        internal List<long> Branches { get; } = [];
        internal List<long> ImagePositions { get; } = [];
        internal bool EndsWithImage { get; private set; }

        internal static Row Of(BranchedPrompt prompt, int imageToken, int imageTokens)
        {
            var row = new Row(imageToken, imageTokens);
            var end = row.Append(prompt.Shared, position: 0, branch: 0);
            for (var i = 0; i < prompt.Branches.Count; i++) row.Append(prompt.Branches[i], end, branch: i + 1);
            return row;
        }

        private long Append(IReadOnlyList<int> tokens, long position, long branch)
        {
            for (var i = 0; i < tokens.Count; i++)
            {
                EndsWithImage = tokens[i] == imageToken;
                if (!EndsWithImage)
                {
                    Ids.Add(tokens[i]);
                    Positions.Add(position++);
                    Branches.Add(branch);
                    continue;
                }
                if (branch > 0) throw new ArgumentException("A branch of a prompt holds no image: images belong to what the branches share.");
                var run = 1;
                while (run < imageTokens && i + run < tokens.Count && tokens[i + run] == imageToken) run++;
                if (run == imageTokens) i += run - 1; // already expanded
                for (var k = 0; k < imageTokens; k++) ImagePositions.Add(position++);
            }
            return position;
        }
    }
}
