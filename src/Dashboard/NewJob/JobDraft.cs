namespace Dpvr.Dashboard.NewJob;

/// <summary>A job in a form.</summary>
public sealed class JobDraft
{
    /// <summary>Name of a root.</summary>
    public string Root { get; set; } = "";

    /// <summary>Folder below it.</summary>
    public string Path { get; set; } = "";

    /// <summary>Globs, separated by spaces.</summary>
    public string Globs { get; set; } = "";

    /// <summary>Folders below too.</summary>
    public bool Recursive { get; set; }

    /// <summary>What is asked.</summary>
    public List<DraftPrompt> Prompts { get; } = [new() { Name = "caption", Text = "Describe the image." }];

    /// <summary>The model's name.</summary>
    public string Model { get; set; } = "";

    /// <summary>The routing.</summary>
    public string Routing { get; set; } = "";

    /// <summary>Longest answer in tokens.</summary>
    public int MaxNewTokens { get; set; } = 64;

    /// <summary>0 takes the likeliest token.</summary>
    public double Temperature { get; set; }

    /// <summary>Share of accelerator time.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>A text file for every picture.</summary>
    public bool Sidecars { get; set; }

    /// <summary>The log-probability of every token.</summary>
    public bool TokenLogprobs { get; set; } = true;
}
