using Dpvr.Hosting.Auth;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Dpvr.Dashboard.Access;

/// <summary>The form for a key, and the way out.</summary>
internal static class SignInRoutes
{
    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet(KeyCookie.SignInPath, (HttpContext context) => Show(context, failed: false)).AllowAnonymous().ExcludeFromDescription();
        app.MapPost(KeyCookie.SignInPath, SignInAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/sign-out", static () => new RazorComponentResult<SignOutPage>()).ExcludeFromDescription();
        app.MapPost("/sign-out", SignOut).AllowAnonymous().ExcludeFromDescription();
    }

    private static RazorComponentResult Show(HttpContext context, bool failed)
    {
        context.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<SignInPage>(new Dictionary<string, object?> { [nameof(SignInPage.Failed)] = failed, [nameof(SignInPage.Return)] = KeyCookie.LocalPath(context.Request.Query["return"]) })
        {
            StatusCode = failed ? 401 : 200,
        };
    }

    // The antiforgery middleware has checked the form's token: nobody else's page signs a browser in.
    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, KeyCheck keys, [FromForm] string? key, [FromForm] string? @return)
    {
        if (!await antiforgery.IsRequestValidAsync(context) || await keys.FindAsync(key?.Trim(), context.RequestAborted) is null) return Show(context, failed: true);
        KeyCookie.Set(context, key!.Trim());
        return Results.LocalRedirect(KeyCookie.LocalPath(@return));
    }

    private static async Task<IResult> SignOut(HttpContext context, IAntiforgery antiforgery, [FromForm(Name = "out")] string? wanted)
    {
        _ = wanted; // a form is what makes the middleware ask for the token
        if (!await antiforgery.IsRequestValidAsync(context)) return Results.BadRequest();
        KeyCookie.Remove(context);
        return Results.LocalRedirect(KeyCookie.SignInPath);
    }
}
