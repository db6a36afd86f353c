using System.Globalization;
using Dpvr.Data.Blobs;
using Dpvr.Data.Jobs;

namespace Dpvr.Data.Requests;

/// <summary>
/// The pictures that came with requests, a folder a day: <c>pictures/{day}/ab/ab…</c>, and beside them <c>pictures/{day}/used-by/{user}</c> of everyone who claims some. A
/// user's note is written before its first claim, and no claim goes to another day than its note: whoever finds no open user of a day that is over may remove the folder.
/// Pictures that senders put below <c>pictures/</c> themselves are theirs.
/// </summary>
public sealed class PictureDays(JobStore store)
{
    private const string Form = "yyyy-MM-dd";
    private readonly IBlobStore _blobs = store.Blobs;

    /// <summary>Notes who claims pictures on a day, and gives where to.</summary>
    public async Task<PictureClaims> OpenAsync(DateOnly day, string user, CancellationToken cancellationToken = default)
    {
        await _blobs.PutAsync(UsersOf(day) + user, "{}"u8.ToArray(), BlobDurability.Durable, cancellationToken);
        return new PictureClaims(_blobs, PrefixOf(day));
    }

    /// <summary>The days that have pictures.</summary>
    public async Task<IReadOnlyList<DateOnly>> ListAsync(CancellationToken cancellationToken = default)
    {
        var days = new List<DateOnly>();
        foreach (var name in await _blobs.ListFoldersAsync(store.Layout.Pictures, cancellationToken))
            if (DateOnly.TryParseExact(name, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) days.Add(day);
        return days;
    }

    /// <summary>Who claimed pictures on a day.</summary>
    public async Task<IReadOnlyList<string>> UsersAsync(DateOnly day, CancellationToken cancellationToken = default)
    {
        var users = new List<string>();
        await foreach (var key in _blobs.ListAsync(UsersOf(day), cancellationToken)) users.Add(key[UsersOf(day).Length..]);
        return users;
    }

    /// <summary>Removes a day's pictures.</summary>
    public Task DeleteAsync(DateOnly day, CancellationToken cancellationToken = default) => _blobs.DeletePrefixAsync(PrefixOf(day), cancellationToken);

    private string PrefixOf(DateOnly day) => $"{store.Layout.Pictures}{day.ToString(Form, CultureInfo.InvariantCulture)}/";

    private string UsersOf(DateOnly day) => PrefixOf(day) + "used-by/";
}
