namespace Dpvr.Model.Engine;

/// <summary>
/// How much may begin between two steps of those that run. A beginning costs as much as dozens of steps, so running sequences would wait
/// long for a token if all free slots were filled at once; and too few beginnings would leave slots empty.
/// </summary>
internal sealed record SchedulePolicy
{
    /// <summary>Share of the slots that is full enough. Default: 0.9.</summary>
    internal double FullEnough { get; init; } = 0.9;

    /// <summary>Most rounds of <see cref="EngineOptions.PrefillTokens"/> while the slots are not full enough. Default: 4.</summary>
    internal int MostRounds { get; init; } = 4;

    /// <summary>Rounds of beginnings before the next step: as many as there are free slots for where nobody runs who would wait.</summary>
    internal int Rounds(int live, int slots) => live == 0 ? int.MaxValue : live < FullEnough * slots ? MostRounds : 1;
}
