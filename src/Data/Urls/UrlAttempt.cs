using System.Net;
using System.Net.Sockets;
using Dpvr.Contracts.Results;
using Dpvr.Data.Sources;

namespace Dpvr.Data.Urls;

/// <summary>Asks for a picture once, over its redirects.</summary>
internal sealed class UrlAttempt(HttpMessageInvoker client, PictureUrlOptions options, TimeProvider time)
{
    /// <summary>Never throws but when it is cancelled.</summary>
    public async Task<UrlAnswer> RunAsync(Uri url, CancellationToken cancellationToken)
    {
        try
        {
            for (var redirects = 0; ; redirects++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.TryAddWithoutValidation("Accept", "image/*, */*;q=0.1");
                request.Headers.TryAddWithoutValidation("User-Agent", "dpvr");
                if (url.UserInfo.Length > 0) return UrlAnswer.Final(ErrorCodes.UrlBlocked, "A URL with a user or a password is not asked for.");
                using var response = await client.SendAsync(request, cancellationToken);
                if (!IsRedirect(response.StatusCode)) return await AnswerAsync(response, cancellationToken);
                if (redirects == options.MaxRedirects) return UrlAnswer.Final(ErrorCodes.HttpError, $"The server redirects more than {options.MaxRedirects} times.");
                if (response.Headers.Location is not { } location) return UrlAnswer.Final(ErrorCodes.HttpError, $"The server answers {(int)response.StatusCode} without saying where to.");
                url = new Uri(url, location);
                if (PictureUrl.Check(url.OriginalString, "The server redirects") is { } refusal) return UrlAnswer.Final(refusal.Code, refusal.Message);
            }
        }
        catch (UriFormatException)
        {
            return UrlAnswer.Final(ErrorCodes.HttpError, "The server redirects to what is no URL.");
        }
        catch (Exception e) when (UrlRefusedException.In(e) is { } refused)
        {
            return UrlAnswer.Final(refused.Code, refused.Message);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            return Broken(e);
        }
    }

    private async Task<UrlAnswer> AnswerAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status == 200) return await BodyAsync(response.Content, cancellationToken);
        if (status is 404 or 410) return UrlAnswer.Final(ErrorCodes.Http404, $"The server answers {status}.");
        var message = $"The server answers {status}.";
        return status is 408 or 429 or >= 500 ? UrlAnswer.Passing(ErrorCodes.HttpError, message, RetryAfter(response)) : UrlAnswer.Final(ErrorCodes.HttpError, message);
    }

    private async Task<UrlAnswer> BodyAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var said = content.Headers.ContentLength;
        if (said > options.MaxBytes) return TooMany();
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        // What a server says is no reason to reserve it: the buffer grows with what really comes.
        var buffer = new byte[(int)Math.Min(said + 1 ?? 1 << 16, 1 << 20)];
        var filled = 0;
        while (true)
        {
            int read;
            try
            {
                read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
            {
                return UrlAnswer.Passing(ErrorCodes.HttpTruncated, $"The server broke off after {filled} bytes{(said is null ? "" : $" of {said}")}.");
            }
            if (read == 0) break;
            filled += read;
            if (filled > options.MaxBytes) return TooMany();
            if (filled == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, options.MaxBytes + 1L));
        }
        return filled == 0 ? UrlAnswer.Final(ErrorCodes.Empty, "The picture has no bytes.") : new UrlAnswer(SourceBytes.Of(buffer.AsMemory(0, filled)), true);

        UrlAnswer TooMany() => UrlAnswer.Final(ErrorCodes.HttpTooLarge, $"The picture has more than {options.MaxBytes} bytes.");
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var pause = response.Headers.RetryAfter is not { } after ? null : after.Delta ?? after.Date - time.GetUtcNow();
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    private static UrlAnswer Broken(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
            // A name that does not exist will not in a moment either; a resolver that fails may.
            if (cause is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData }) return UrlAnswer.Final(ErrorCodes.HttpError, "There is no such host.");
        return UrlAnswer.Passing(ErrorCodes.HttpError, $"The server cannot be asked: {e.Message}");
    }

    private static bool IsRedirect(HttpStatusCode status) =>
        status is HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
}
