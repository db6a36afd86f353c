using SkiaSharp;

namespace Dpvr.Model.Analysis.Plots;

/// <summary>Draws a <see cref="LinePlot"/>. One painter draws one picture.</summary>
internal sealed class LinePlotPainter
{
    private const float Top = 58, Right = 28, Bottom = 66, Gap = 8, Swatch = 28, LegendGap = 18, LegendRow = 24;
    private const int DotsUpTo = 64; // more points than this are a curve, fewer are measurements that should be seen

    // Okabe and Ito's colours, which colour-blind people can tell apart too.
    private static readonly SKColor[] Palette =
        [new(0x00, 0x72, 0xB2), new(0xD5, 0x5E, 0x00), new(0x00, 0x9E, 0x73), new(0xCC, 0x79, 0xA7), new(0xE6, 0x9F, 0x00), new(0x56, 0xB4, 0xE9)];

    private static readonly SKColor Ink = new(0x26, 0x2B, 0x33), Faint = new(0x6B, 0x72, 0x80), Grid = new(0xE5, 0xE7, 0xEB);
    private static readonly Lazy<SKTypeface> Face = new(LoadFace);

    private readonly LinePlot _plot;
    private readonly PlotAxis _x, _y;
    private readonly SKFont _titleFont = new(Face.Value, 20), _font = new(Face.Value, 14), _small = new(Face.Value, 13);
    private readonly SKRect _area;
    private readonly float _legendBaseline = 33;

    internal LinePlotPainter(LinePlot plot)
    {
        _plot = plot;
        _y = PlotAxis.Of(plot.Series.SelectMany(s => s.Y), Math.Max(2, plot.Height / 85), plot.FromZero, round: true);
        _x = PlotAxis.Of(plot.Series.SelectMany(s => s.X).Concat(plot.Marks.Select(m => m.X)), Math.Max(2, plot.Width / 90), fromZero: false, round: false);
        var labels = _y.Ticks.Max(t => _small.MeasureText(_y.Label(t)));
        foreach (var font in (SKFont[])[_titleFont, _font, _small]) (font.Edging, font.Subpixel) = (SKFontEdging.Antialias, true);
        _area = new SKRect(30 + labels + Gap + 14, Top, plot.Width - Right, plot.Height - Bottom);
        var legend = plot.Series.Sum(s => _font.MeasureText(s.Name) + Swatch + LegendGap);
        if (plot.Series.Count > 1 && _titleFont.MeasureText(plot.Title) + legend > _area.Width) // no room beside the title
            (_legendBaseline, _area.Top) = (_legendBaseline + LegendRow, _area.Top + LegendRow);
    }

    internal byte[] Paint()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(_plot.Width, _plot.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.White);
            Axes(canvas);
            Marks(canvas);
            canvas.Save();
            canvas.ClipRect(new SKRect(_area.Left - 6, _area.Top - 6, _area.Right + 6, _area.Bottom + 6));
            for (var i = 0; i < _plot.Series.Count; i++) Line(canvas, _plot.Series[i], Palette[i % Palette.Length], dashed: i >= Palette.Length);
            canvas.Restore();
            if (_plot.Series.Count > 1) Legend(canvas);
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        foreach (var font in (SKFont[])[_titleFont, _font, _small]) font.Dispose();
        return data.ToArray();
    }

    private float X(double value) => _area.Left + (float)((value - _x.Low) / (_x.High - _x.Low)) * _area.Width;

    private float Y(double value) => _area.Bottom - (float)((value - _y.Low) / (_y.High - _y.Low)) * _area.Height;

    private void Axes(SKCanvas canvas)
    {
        using SKPaint grid = Stroke(Grid, 1), axis = Stroke(Faint, 1), text = Fill(Ink), faint = Fill(Faint);
        foreach (var tick in _y.Ticks)
        {
            var y = MathF.Round(Y(tick)) + 0.5f;
            canvas.DrawLine(_area.Left, y, _area.Right, y, grid);
            canvas.DrawText(_y.Label(tick), _area.Left - Gap, y + 4.5f, SKTextAlign.Right, _small, faint);
        }
        foreach (var tick in _x.Ticks)
        {
            var x = MathF.Round(X(tick)) + 0.5f;
            canvas.DrawLine(x, _area.Bottom, x, _area.Bottom + 5, axis);
            canvas.DrawText(_x.Label(tick), x, _area.Bottom + 21, SKTextAlign.Center, _small, faint);
        }
        canvas.DrawLine(_area.Left, MathF.Round(_area.Bottom) + 0.5f, _area.Right, MathF.Round(_area.Bottom) + 0.5f, axis);
        canvas.DrawText(_plot.Title, _area.Left, 34, SKTextAlign.Left, _titleFont, text);
        canvas.DrawText(_plot.XLabel, _area.MidX, _plot.Height - 16, SKTextAlign.Center, _font, text);
        canvas.Save();
        canvas.RotateDegrees(-90, 22, _area.MidY);
        canvas.DrawText(_plot.YLabel, 22, _area.MidY + 4, SKTextAlign.Center, _font, text);
        canvas.Restore();
    }

    private void Marks(SKCanvas canvas)
    {
        using SKPaint line = Stroke(Faint, 1.5f), text = Fill(Ink);
        line.PathEffect = SKPathEffect.CreateDash([5, 4], 0);
        foreach (var mark in _plot.Marks)
        {
            var x = X(mark.X);
            canvas.DrawLine(x, _area.Top, x, _area.Bottom, line);
            var left = x + Gap + _font.MeasureText(mark.Label) < _area.Right;
            canvas.DrawText(mark.Label, left ? x + Gap : x - Gap, _area.Top + 14, left ? SKTextAlign.Left : SKTextAlign.Right, _font, text);
        }
    }

    private void Line(SKCanvas canvas, LineSeries series, SKColor colour, bool dashed)
    {
        using SKPaint stroke = Stroke(colour, 2.25f), fill = Fill(colour);
        if (dashed) stroke.PathEffect = SKPathEffect.CreateDash([8, 5], 0);
        using var path = new SKPath();
        var joined = false;
        for (var i = 0; i < series.X.Count; i++)
        {
            if (!double.IsFinite(series.Y[i]))
            {
                joined = false;
                continue;
            }
            var point = new SKPoint(X(series.X[i]), Y(series.Y[i]));
            if (joined) path.LineTo(point);
            else path.MoveTo(point);
            joined = true;
            if (series.X.Count <= DotsUpTo) canvas.DrawCircle(point, 3.5f, fill);
        }
        canvas.DrawPath(path, stroke);
    }

    /// <summary>Stands beside or under the title, where no curve can run.</summary>
    private void Legend(SKCanvas canvas)
    {
        using var text = Fill(Ink);
        var x = _area.Right;
        for (var i = _plot.Series.Count - 1; i >= 0; i--)
        {
            var name = _plot.Series[i].Name;
            x -= _font.MeasureText(name);
            canvas.DrawText(name, x, _legendBaseline, SKTextAlign.Left, _font, text);
            using var swatch = Stroke(Palette[i % Palette.Length], 3);
            canvas.DrawLine(x - Swatch, _legendBaseline - 5, x - 6, _legendBaseline - 5, swatch);
            x -= Swatch + LegendGap;
        }
    }

    private static SKPaint Stroke(SKColor colour, float width) =>
        new() { Color = colour, StrokeWidth = width, IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeJoin = SKStrokeJoin.Round, StrokeCap = SKStrokeCap.Round };

    private static SKPaint Fill(SKColor colour) => new() { Color = colour, IsAntialias = true };

    private static SKTypeface LoadFace()
    {
        const string Font = "DejaVuSans.subset.ttf";
        using var stream = typeof(LinePlotPainter).Assembly.GetManifestResourceStream(Font) ?? throw new InvalidOperationException($"The resource {Font} is missing from the assembly.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"The resource {Font} is no font.");
    }
}
