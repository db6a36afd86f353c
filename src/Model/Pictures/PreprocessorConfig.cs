using System.Text.Json;
using System.Text.Json.Nodes;
using Dpvr.Model.Checkpoints;

namespace Dpvr.Model.Pictures;

/// <summary>What <c>preprocessor_config.json</c> (Hugging Face, <c>CLIPImageProcessor</c>) says about a model's pictures.</summary>
internal sealed record PreprocessorConfig
{
    internal const string FileName = "preprocessor_config.json";

    /// <summary>Length that the shorter edge is scaled to; null when pictures are scaled to <see cref="CropSize"/> without keeping their aspect.</summary>
    internal required int? ShortestEdge { get; init; }

    /// <summary>Width and height of the result.</summary>
    internal required int CropSize { get; init; }

    /// <summary>Three means, in units of 0–1; zeros when the model does not normalise.</summary>
    internal required double[] Mean { get; init; }

    /// <summary>Three standard deviations; ones when the model does not normalise.</summary>
    internal required double[] Std { get; init; }

    /// <summary>What a pixel value is multiplied by. Default: 1/255.</summary>
    internal double RescaleFactor { get; init; } = 1 / 255.0;

    /// <exception cref="CheckpointException">The file is missing or says something that is not supported; the message names the field.</exception>
    internal static PreprocessorConfig Read(string modelFolder)
    {
        var path = Path.Combine(modelFolder, FileName);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(json.RootElement, path);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"{path}: {e.Message}", e);
        }
    }

    internal void Write(string modelFolder)
    {
        var json = new JsonObject
        {
            ["crop_size"] = new JsonObject { ["height"] = CropSize, ["width"] = CropSize },
            ["do_center_crop"] = true,
            ["do_convert_rgb"] = true,
            ["do_normalize"] = true,
            ["do_rescale"] = true,
            ["do_resize"] = true,
            ["image_mean"] = new JsonArray([.. Mean.Select(x => (JsonNode)x)]),
            ["image_processor_type"] = "CLIPImageProcessor",
            ["image_std"] = new JsonArray([.. Std.Select(x => (JsonNode)x)]),
            ["processor_class"] = "LlavaProcessor",
            ["resample"] = 3,
            ["rescale_factor"] = RescaleFactor,
            ["size"] = ShortestEdge is { } edge
                ? new JsonObject { ["shortest_edge"] = edge }
                : new JsonObject { ["height"] = CropSize, ["width"] = CropSize },
        };
        File.WriteAllText(Path.Combine(modelFolder, FileName), json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    private static PreprocessorConfig Read(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Refuse("the file", json.ValueKind, "an object");
        if (!Flag("do_resize")) throw Refuse("do_resize", "false", "true");
        if (json.TryGetProperty("resample", out var resample) && resample.GetInt32() != 3) throw Refuse("resample", resample, "3 (bicubic)");

        var (edge, square) = json.TryGetProperty("size", out var size) ? ReadSize(size) : (224, null);
        var crop = square ?? edge!.Value;
        if (Flag("do_center_crop") && json.TryGetProperty("crop_size", out var cropSize))
        {
            var (number, cropSquare) = ReadSize(cropSize);
            crop = number ?? cropSquare!.Value;
        }
        else if (square is null && !Flag("do_center_crop"))
        {
            throw Refuse("do_center_crop", "false", "true, or a size with equal height and width: the model needs squares");
        }
        if (crop > (square ?? edge)) throw Refuse("crop_size", crop, $"at most the size, {square ?? edge}");
        if (square is not null && crop != square) throw Refuse("crop_size", crop, $"the size, {square}");

        var normalise = Flag("do_normalize");
        return new PreprocessorConfig
        {
            ShortestEdge = edge,
            CropSize = crop,
            RescaleFactor = !Flag("do_rescale") ? 1 : json.TryGetProperty("rescale_factor", out var factor) ? factor.GetDouble() : 1 / 255.0,
            Mean = normalise ? Three("image_mean", ImageProcessor.ClipMean) : [0, 0, 0],
            Std = normalise ? Three("image_std", ImageProcessor.ClipStd) : [1, 1, 1],
        };

        bool Flag(string name) => !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null || value.GetBoolean();

        double[] Three(string name, IReadOnlyList<double> otherwise)
        {
            if (!json.TryGetProperty(name, out var value)) return [.. otherwise];
            double[] numbers = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(x => x.GetDouble())] : [value.GetDouble()];
            if (numbers.Length == 1) numbers = [numbers[0], numbers[0], numbers[0]];
            if (numbers.Length != 3 || name == "image_std" && numbers.Any(x => x <= 0)) throw Refuse(name, value, "three numbers (standard deviations above 0)");
            return numbers;
        }

        // A bare number is a shortest edge; an object says which of the two it means.
        (int? Edge, int? Square) ReadSize(JsonElement value)
        {
            int? edge = null, square = null;
            if (value.ValueKind == JsonValueKind.Number) edge = value.GetInt32();
            else if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("shortest_edge", out var shortest)) edge = shortest.GetInt32();
            else if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("height", out var height) && value.TryGetProperty("width", out var width)
                && height.GetInt32() == width.GetInt32()) square = height.GetInt32();
            return (edge ?? square) is > 0 and <= 4096 ? (edge, square) : throw Refuse("size or crop_size", value, "a number, shortest_edge, or equal height and width, from 1 to 4096");
        }

        CheckpointException Refuse(string name, object value, string allowed) => new($"{path}: {name} is {value}; supported is {allowed}.");
    }
}
