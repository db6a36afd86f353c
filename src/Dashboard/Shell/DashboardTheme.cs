using MudBlazor;

namespace Dpvr.Dashboard.Shell;

/// <summary>MudBlazor's palette in the colours of <c>dashboard.css</c>, and fonts that every machine has: none is fetched.</summary>
internal static class DashboardTheme
{
    private static readonly string[] s_fonts = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "DejaVu Sans", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#2b6a86", Secondary = "#5b6776", Success = "#26805a", Warning = "#a5660b", Error = "#bb3a31", Info = "#2b6a86", Background = "#f5f6f8", Surface = "#ffffff",
            TextPrimary = "#1b2430", TextSecondary = "#586473", LinesDefault = "#e0e4e9", LinesInputs = "#b9c1cb", Divider = "#e0e4e9", ActionDefault = "#586473",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#6cb4d4", Secondary = "#97a3b3", Success = "#5dbf93", Warning = "#dfae58", Error = "#ef8078", Info = "#6cb4d4", Background = "#11151b", Surface = "#191f27",
            TextPrimary = "#e4e8ee", TextSecondary = "#97a3b3", LinesDefault = "#2a323d", LinesInputs = "#46505d", Divider = "#2a323d", ActionDefault = "#97a3b3",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = s_fonts, FontSize = ".875rem" },
            Button = new ButtonTypography { FontFamily = s_fonts, TextTransform = "none", FontSize = ".84rem", FontWeight = "550" },
            Body1 = new Body1Typography { FontFamily = s_fonts, FontSize = ".875rem" },
            Body2 = new Body2Typography { FontFamily = s_fonts, FontSize = ".84rem" },
        },
    };
}
