namespace Dpvr.Chaos.Faults;

/// <summary>All of them, by their numbers.</summary>
internal static class FaultCatalogue
{
    private static readonly Fault[] s_elsewhere =
    [
        new FaultElsewhere(20, "SAS expires in mid-job: auth_expired, paused, resumable", "a signature that ends at the right moment cannot be had for a whole cluster; AzureFaultTests let one end in mid-job"),
        new FaultElsewhere(23, "accelerator out of memory: gpu_oom for the one item that does not fit", "needs an accelerator"),
        new FaultElsewhere(24, "NaN or infinite logits: model_nan, never an empty success", "no checkpoint makes them on demand; GenerationEngineTests and PicturePipelineTests put them in"),
        new FaultElsewhere(25, "decoder process dies on an image: decoder_crash, at most 2 attempts", "pictures are decoded in the worker's process; JobGrainTests tries what the coordinator does about a picture that kills"),
        new FaultElsewhere(26, "slow or endless URL: total deadline", "sources of URLs are not there yet"),
    ];

    public static IReadOnlyList<Fault> All { get; } =
    [
        .. typeof(Fault).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(Fault)) && t.GetConstructor(Type.EmptyTypes) is not null && t.Namespace == typeof(Fault).Namespace)
            .Select(static t => (Fault)Activator.CreateInstance(t)!).Concat(s_elsewhere).OrderBy(static f => f.Number),
    ];

    public static Fault Find(int number) => All.Single(f => f.Number == number);
}
