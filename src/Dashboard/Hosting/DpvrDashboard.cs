using Dpvr.Dashboard.Access;
using Dpvr.Dashboard.Assets;
using Dpvr.Dashboard.Live;
using Dpvr.Dashboard.Pictures;
using Dpvr.Dashboard.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Dpvr.Dashboard.Hosting;

/// <summary>Puts the dashboard into a web application that has authentication (<see cref="Dpvr.Hosting.Auth.DpvrAuth"/>) and its data: <see cref="Jobs.IJobFeed"/> and the other interfaces of this project.</summary>
public static class DpvrDashboard
{
    /// <summary>Adds the services of the pages.</summary>
    public static IServiceCollection AddDpvrDashboard(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        // What a page protects lives no longer than its circuit; the sign-in cookie is protected by being the key itself.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(static options =>
        {
            options.Cookie.Name = "dpvr-form";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.SuppressXFrameOptionsHeader = true; // the policy of SecurityHeaders says it
        });
        services.AddMudServices();
        services.AddSingleton<LiveData>();
        services.AddCascadingAuthenticationState();
        return services.AddScoped<AuthenticationStateProvider, CheckedAuthenticationState>().AddScoped<PageAccess>();
    }

    /// <summary>Maps the pages at <c>/</c>. Comes after authentication and authorization.</summary>
    public static void MapDpvrDashboard(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseSecurityHeaders();
        app.UseAntiforgery();
        app.MapAssets();
        app.MapSignIn();
        app.MapPictures();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(static options => options.ContentSecurityFrameAncestorsPolicy = null);
    }
}
