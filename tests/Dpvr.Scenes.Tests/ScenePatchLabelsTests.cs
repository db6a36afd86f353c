namespace Dpvr.Scenes.Tests;

public sealed class ScenePatchLabelsTests
{
    [Fact]
    public void Of_AScene_LabelsPatchesOfItsObjects()
    {
        var labels = ScenePatchLabels.Of(Some.Three, 10);
        At(labels, 2, 2).Should().Be((Shape.Circle + 1, Colour.Red + 1, ObjectSize.Small + 1));
        At(labels, 6, 5).Should().Be((Shape.Square + 1, Colour.Blue + 1, ObjectSize.Large + 1));
        At(labels, 6, 7).Should().Be((Shape.Star + 1, Colour.Green + 1, ObjectSize.Large + 1));
        At(labels, 0, 9).Should().Be((0, 0, 0));
        labels.Shapes.Should().HaveCount(100);
    }

    [Fact]
    public void Of_ARing_LeavesItsHoleToTheBackground()
    {
        var scene = Some.Three with { Objects = [Some.Object(Shape.Ring, Colour.Red, ObjectSize.Large, 0.5, 0.5)] };
        At(ScenePatchLabels.Of(scene, 15), 7, 7).Shape.Should().Be(0);
        At(ScenePatchLabels.Of(scene, 15), 7, 5).Shape.Should().Be(Shape.Ring + 1);
    }

    [Fact]
    public void Of_EveryScene_ShowsEveryObject()
    {
        foreach (var scene in Some.Many(400))
        {
            var labels = ScenePatchLabels.Of(scene, 16);
            var seen = Enumerable.Range(0, 256).Select(i => (labels.Shapes[i] - 1, labels.Colours[i] - 1, labels.Sizes[i] - 1)).ToHashSet();
            seen.Remove((-1, -1, -1));
            seen.Should().BeEquivalentTo(scene.Objects.Select(o => ((int)o.Shape, (int)o.Colour, (int)o.Size)));
        }
    }

    private static (Shape Shape, Colour Colour, ObjectSize Size) At(ScenePatchLabels labels, int row, int column)
    {
        var i = row * (int)Math.Sqrt(labels.Shapes.Length) + column;
        return ((Shape)labels.Shapes[i], (Colour)labels.Colours[i], (ObjectSize)labels.Sizes[i]);
    }
}
