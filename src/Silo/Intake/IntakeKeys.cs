using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Results;
using Dpvr.Data.Blobs;

namespace Dpvr.Silo.Intake;

/// <summary>Which job or batch an idempotency key stands for: decided by one conditional create in the store, whichever process makes it.</summary>
internal sealed class IntakeKeys(IBlobStore blobs, TimeProvider time)
{
    // What this program itself names work by: batches, windows, and messages that bring no key.
    private static readonly string[] s_own = ["batch:", "window:", "message:", "sha256:"];

    /// <summary>SHA-256, lower-case hex.</summary>
    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Checks a key that came from outside.</summary>
    /// <exception cref="RefusedException">It is no key, or one that this program could make itself.</exception>
    public static void Check(string key)
    {
        if (key.Length is 0 or > JobSubmission.LongestKey || key.Any(char.IsControl))
            throw new RefusedException("idempotency_key", key, $"1 to {JobSubmission.LongestKey} characters, none of them a control character");
        if (s_own.Any(own => key.StartsWith(own, StringComparison.Ordinal)))
            throw new RefusedException("idempotency_key", key, $"a key that begins with none of {string.Join(", ", s_own)}, which the server's own begin with", "reserved_key");
    }

    /// <summary>What the key stands for; null while it stands for nothing.</summary>
    /// <exception cref="IntakeConflictException">It stands for another body.</exception>
    public async Task<string?> FindAsync(string key, string body, CancellationToken cancellationToken)
    {
        if (await blobs.GetAsync(NameOf(key), cancellationToken) is not { } blob) return null;
        var standing = JsonSerializer.Deserialize(blob.Bytes, IntakeJson.Text.IntakeRecord)!;
        return standing.Body == body ? standing.Id : throw new IntakeConflictException(standing.Id);
    }

    /// <summary>The same, whatever the body was.</summary>
    public async Task<string?> FindAsync(string key, CancellationToken cancellationToken) =>
        await blobs.GetAsync(NameOf(key), cancellationToken) is { } blob ? JsonSerializer.Deserialize(blob.Bytes, IntakeJson.Text.IntakeRecord)!.Id : null;

    /// <summary>Makes the key stand for <paramref name="id"/> if it stands for nothing; returns what it stands for.</summary>
    /// <exception cref="IntakeConflictException">It stands for another body.</exception>
    public async Task<(string Id, bool IsNew)> ClaimAsync(string key, string body, string id, CancellationToken cancellationToken)
    {
        var mine = new IntakeRecord { Body = body, Id = id, At = time.GetUtcNow() };
        if (await blobs.TryCreateAsync(NameOf(key), JsonSerializer.SerializeToUtf8Bytes(mine, IntakeJson.Text.IntakeRecord), BlobDurability.Durable, cancellationToken)) return (id, true);
        // An answer lost on the way looks like somebody else's record: what stands decides, ours or theirs.
        return (await FindAsync(key, body, cancellationToken) ?? throw new BlobStoreException(ErrorCodes.Internal, $"{NameOf(key)} vanished."), false);
    }

    /// <summary>Lets the key stand for nothing.</summary>
    public Task ForgetAsync(string key, CancellationToken cancellationToken) => blobs.DeleteAsync(NameOf(key), cancellationToken);

    /// <summary>The blob that says what a key stands for.</summary>
    public static string NameOf(string key) => $"intake/{Hash(Encoding.UTF8.GetBytes(key))}.json";
}
