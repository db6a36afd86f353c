using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Jobs;
using Dpvr.Data.Blobs;
using Dpvr.Data.Requests;
using Dpvr.Data.Sources;
using Dpvr.Silo.Chat;
using Dpvr.Silo.Intake;
using Dpvr.Silo.Messages.Hosting;
using Dpvr.Silo.Models;
using Microsoft.Extensions.Options;

namespace Dpvr.Silo.Messages.Windows;

/// <summary>Makes a job of a window: pictures and requests first, then whom to answer, then the job. Dead anywhere in between, the messages are delivered again.</summary>
internal sealed class WindowWriter(BusRecords records, JobIntake intake, IOptions<BusOptions> options)
{
    /// <summary>Writes a window; when it returns, its job is durable.</summary>
    public async Task<WindowRecord> WriteAsync(ModelChoice model, IReadOnlyList<PendingPicture> pictures, CancellationToken cancellationToken)
    {
        var id = IdOf(pictures);
        var folder = WindowRecord.FolderOf(id);
        var lines = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(lines))
        {
            for (var i = 0; i < pictures.Count; i++)
            {
                var locator = pictures[i].Locator;
                if (locator is null)
                {
                    var key = string.Create(CultureInfo.InvariantCulture, $"{folder}{i}");
                    await records.Blobs.PutAsync(key, pictures[i].Data, BlobDurability.Lazy, cancellationToken);
                    locator = StorePictures.NameOf(key);
                }
                RequestRows.Write(writer, new RequestRow { CustomId = i.ToString(CultureInfo.InvariantCulture), Image = locator, Request = pictures[i].Request });
                writer.Flush();
                lines.Write("\n"u8);
                writer.Reset();
            }
        }
        await records.Blobs.PutAsync(folder + "requests.jsonl", lines.WrittenMemory, BlobDurability.Lazy, cancellationToken);
        await records.Blobs.FlushAsync(cancellationToken);
        var window = new WindowRecord { Id = id, Spec = SpecOf(model, folder, pictures), Items = [.. pictures.Select(static p => p.Item)] };
        await records.PutAsync(window, cancellationToken);
        await SubmitAsync(window, cancellationToken);
        return window;
    }

    /// <summary>The window's job, which is the same however often this is called.</summary>
    public Task<IntakeResult> SubmitAsync(WindowRecord window, CancellationToken cancellationToken) =>
        intake.SubmitAsync(new JobSubmission { Spec = window.Spec, OwnKey = window.Key, By = "queue", Source = QueueNames.CaptionImage }, cancellationToken);

    // The room that chats have, so that windows share an engine with them and with each other; one shard of an engine's batch.
    private JobSpec SpecOf(ModelChoice model, string folder, IReadOnlyList<PendingPicture> pictures)
    {
        var usual = new SamplingSpec();
        return ChatSpecs.Of(model, "", usual, StorePictures.NameOf(folder + "requests.jsonl")) with
        {
            Limits = RequestLimits.For(
                Math.Max(ChatSpecs.Room, pictures.Max(static p => Encoding.UTF8.GetByteCount(p.Request.Prompt ?? ""))),
                Math.Max(ChatSpecs.Room, pictures.Max(p => p.Request.MaxTokens ?? usual.MaxNewTokens))),
            Priority = options.Value.WindowPriority,
            ShardSize = options.Value.WindowSize,
            MaxAttempts = 3,
        };
    }

    // The keys alone would do if all senders gave each message an id of its own: those that count from 1 again must not be answered about another's picture.
    internal static string IdOf(IReadOnlyList<PendingPicture> pictures)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var picture in pictures)
        {
            hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(new { picture.Key, picture.Locator, picture.Request }));
            hash.AppendData(SHA256.HashData(picture.Data.Span));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
