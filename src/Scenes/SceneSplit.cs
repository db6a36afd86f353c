namespace Dpvr.Scenes;

/// <summary>The split is the top two bits of every seed, so no index of one split can ever draw a scene's numbers of another.</summary>
public enum SceneSplit
{
    Train = 0,
    Validation = 1,
    Test = 2,
}
