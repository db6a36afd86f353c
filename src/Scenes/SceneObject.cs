namespace Dpvr.Scenes;

/// <summary>One object of a scene.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Size">Its size class; <paramref name="Radius"/> lies in the range of the class.</param>
/// <param name="X">Centre, canvas units from the left, 0..1.</param>
/// <param name="Y">Centre, canvas units from the top, 0..1.</param>
/// <param name="Radius">Half the nominal diameter, canvas units; corners reach up to 1.25 times as far.</param>
/// <param name="Rotation">Clockwise, radians; small enough that no shape turns into another.</param>
public sealed record SceneObject(
    Shape Shape, Colour Colour, ObjectSize Size, double X, double Y, double Radius, double Rotation);
