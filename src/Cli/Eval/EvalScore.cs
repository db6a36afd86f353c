using Dpvr.Scenes;

namespace Dpvr.Cli.Eval;

/// <summary>How much of what a model said is true. A failed answer counts as wrong in all that was asked.</summary>
internal sealed record EvalScore
{
    public required Proportion CaptionFacts { get; init; }
    public required IReadOnlyDictionary<CaptionFactKind, Proportion> CaptionFactsByKind { get; init; }

    /// <summary>Captions in which nothing is wrong or missing.</summary>
    public required Proportion CaptionsTrue { get; init; }
    public required IReadOnlyDictionary<CaptionStyle, Proportion> CaptionsTrueByStyle { get; init; }
    public required Proportion Answers { get; init; }
    public required IReadOnlyDictionary<QuestionKind, Proportion> AnswersByKind { get; init; }

    /// <summary>Answers that reached the longest length.</summary>
    public required int CutOff { get; init; }

    /// <summary>Answers that failed.</summary>
    public required int Failed { get; init; }

    public static EvalScore Of(IReadOnlyList<(EvalPrompt Prompt, EvalAnswer Answer)> said)
    {
        var captions = said.Where(s => s.Prompt.Style is not null)
            .Select(s => (Style: s.Prompt.Style!.Value, Facts: SceneScoring.CheckCaption(s.Prompt.Scene, s.Answer.Text, s.Prompt.Style))).ToList();
        var answers = said.Where(s => s.Prompt.Question is not null)
            .Select(s => (s.Prompt.Question!.Kind, Right: SceneScoring.ScoreAnswer(s.Prompt.Question!, s.Answer.Text))).ToList();
        return new EvalScore
        {
            CaptionFacts = Proportion.Of(captions.SelectMany(c => c.Facts).Select(f => f.IsRight)),
            CaptionFactsByKind = By(captions.SelectMany(c => c.Facts).Select(f => (f.Kind, f.IsRight))),
            CaptionsTrue = Proportion.Of(captions.Select(c => c.Facts.All(f => f.IsRight))),
            CaptionsTrueByStyle = By(captions.Select(c => (c.Style, c.Facts.All(f => f.IsRight)))),
            Answers = Proportion.Of(answers.Select(a => a.Right)),
            AnswersByKind = By(answers),
            CutOff = said.Count(s => s.Answer.CutOff),
            Failed = said.Count(s => s.Answer.Error is not null),
        };
    }

    private static SortedDictionary<T, Proportion> By<T>(IEnumerable<(T Kind, bool Right)> all)
        where T : struct, Enum => new(all.GroupBy(a => a.Kind).ToDictionary(g => g.Key, g => Proportion.Of(g.Select(a => a.Right))));
}
