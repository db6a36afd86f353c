namespace Dpvr.Contracts.Results;

/// <summary>The codes that a user sees. They are part of the output format: a code never changes its meaning.</summary>
public static class ErrorCodes
{
    /// <summary>Zero bytes.</summary>
    public const string Empty = "empty";
    /// <summary>Not a picture type that is read.</summary>
    public const string UnsupportedFormat = "unsupported_format";
    /// <summary>Truncated or damaged picture.</summary>
    public const string DecodeError = "decode_error";
    /// <summary>Width or height is zero or beyond the limit.</summary>
    public const string ImageDimensions = "image_dimensions";
    /// <summary>Decoding would take too much memory or time.</summary>
    public const string DecodeLimit = "decode_limit";
    /// <summary>The decoding process died on this picture.</summary>
    public const string DecoderCrash = "decoder_crash";

    /// <summary>The picture was replaced after the job was planned.</summary>
    public const string SourceChanged = "source_changed";
    /// <summary>The picture was removed after the job was planned.</summary>
    public const string SourceMissing = "source_missing";
    /// <summary>The picture cannot be read.</summary>
    public const string SourceUnreadable = "source_unreadable";
    /// <summary>The path leaves the source's root.</summary>
    public const string UnsafePath = "unsafe_path";

    /// <summary>Archive entry with an unsafe name or type.</summary>
    public const string UnsafeEntry = "unsafe_entry";
    /// <summary>The archive ends early.</summary>
    public const string ArchiveTruncated = "archive_truncated";
    /// <summary>The archive unpacks to more than is allowed.</summary>
    public const string ArchiveLimit = "archive_limit";
    /// <summary>The same id twice.</summary>
    public const string DuplicateId = "duplicate_id";
    /// <summary>A sidecar or row without its picture.</summary>
    public const string MissingImage = "missing_image";

    /// <summary>A manifest's row cannot be read.</summary>
    public const string BadRow = "bad_row";
    /// <summary>A manifest cannot be read at all.</summary>
    public const string BadManifest = "bad_manifest";
    /// <summary>A URL's scheme is not allowed.</summary>
    public const string UrlScheme = "url_scheme";
    /// <summary>A URL's host is not on the public internet, and not allowed otherwise.</summary>
    public const string UrlBlocked = "url_blocked";
    /// <summary>404 or 410.</summary>
    public const string Http404 = "http_404";
    /// <summary>Fewer or more bytes than the server said.</summary>
    public const string HttpTruncated = "http_truncated";
    /// <summary>A server that does not answer, or with something else than the picture.</summary>
    public const string HttpError = "http_error";
    /// <summary>More bytes than a picture may have.</summary>
    public const string HttpTooLarge = "http_too_large";
    /// <summary>The picture did not come in time.</summary>
    public const string FetchTimeout = "fetch_timeout";

    /// <summary>NaN or infinite logits.</summary>
    public const string ModelNan = "model_nan";
    /// <summary>The accelerator has no memory for this item even alone.</summary>
    public const string GpuOom = "gpu_oom";
    /// <summary>Prompt and picture do not fit the model's context.</summary>
    public const string PromptTooLong = "prompt_too_long";

    /// <summary>The output has no room left.</summary>
    public const string OutputFull = "output_full";
    /// <summary>The output cannot be written.</summary>
    public const string OutputReadonly = "output_readonly";
    /// <summary>A store does not answer, or says that it is too busy.</summary>
    public const string StoreUnavailable = "store_unavailable";
    /// <summary>Access to a store ended in mid-job.</summary>
    public const string AuthExpired = "auth_expired";

    /// <summary>Every worker that took the item was lost.</summary>
    public const string WorkerLost = "worker_lost";
    /// <summary>The job was cancelled before this item was done. Counted as skipped, not as failed.</summary>
    public const string Cancelled = "cancelled";
    /// <summary>The source cannot be listed.</summary>
    public const string SourceUnavailable = "source_unavailable";
    /// <summary>A fault of the program itself.</summary>
    public const string Internal = "internal";

    /// <summary>True for faults of the place, not of the work: the job is paused and resumable, no attempt is consumed.</summary>
    public static bool IsResumable(string code) => code is OutputFull or OutputReadonly or AuthExpired or StoreUnavailable;

    /// <summary>True for those of them that pass by themselves: the job is tried again without anybody asking.</summary>
    public static bool IsTransient(string code) => code is StoreUnavailable;
}
