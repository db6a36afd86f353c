using System.Collections.Concurrent;
using System.Globalization;
using Dpvr.Silo.Api.Problems;

namespace Dpvr.Silo.Api.Files;

/// <summary>Keeps uploaded files together below their limit. What batches make is not counted: no result is lost for want of room. Uploads that race at several servers may exceed it by their size.</summary>
internal sealed class FileQuota(FileStore files, ApiOptions options) : IDisposable
{
    private const int ReadsAtOnce = 16;
    private readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal); // files never change
    private readonly SemaphoreSlim _counting = new(1);
    private long _coming;

    /// <summary>Room for one upload, to be given back at its end.</summary>
    /// <param name="atLeast">Bytes that are known to come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ApiProblemException">There is not so much.</exception>
    public async Task<Room> OpenAsync(long atLeast, CancellationToken cancellationToken)
    {
        var room = new Room(this, await CountAsync(cancellationToken));
        room.Require(atLeast);
        return room;
    }

    public void Dispose() => _counting.Dispose();

    private async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await _counting.WaitAsync(cancellationToken);
        try
        {
            var ids = (await files.ListIdsAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in _known.Keys.Where(id => !ids.Contains(id))) _known.TryRemove(gone, out _);
            await Parallel.ForEachAsync(ids.Where(id => !_known.ContainsKey(id)), new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancellationToken }, async (id, stop) =>
            {
                // One that is only just coming is looked at again.
                if (await files.FindAsync(id, stop) is { } file) _known[id] = file.Purpose == FileStore.Made ? 0 : file.Bytes;
            });
            return _known.Values.Sum();
        }
        finally
        {
            _counting.Release();
        }
    }

    /// <summary>What one upload takes of it.</summary>
    internal sealed class Room(FileQuota quota, long used) : IDisposable
    {
        private long _taken;

        /// <exception cref="ApiProblemException">There is no room for so many more bytes.</exception>
        public void Take(int bytes)
        {
            _taken += bytes;
            Interlocked.Add(ref quota._coming, bytes);
            Require(0);
        }

        /// <exception cref="ApiProblemException">There is no room for so many more bytes.</exception>
        public void Require(long more)
        {
            if (used + Interlocked.Read(ref quota._coming) + more <= quota.Most) return;
            throw ApiProblemException.Of(413, "storage_full", string.Create(CultureInfo.InvariantCulture,
                $"Uploaded files have {used} bytes of the {quota.Most} that they may have together, and this one does not fit; delete some (DELETE /v1/files/{{id}}), or have the limit raised (--most-stored)."),
                "file", string.Create(CultureInfo.InvariantCulture, $"{used} bytes used"), string.Create(CultureInfo.InvariantCulture, $"{quota.Most} bytes of all files"));
        }

        public void Dispose() => Interlocked.Add(ref quota._coming, -_taken);
    }

    private long Most => options.MostStoredBytes;
}
