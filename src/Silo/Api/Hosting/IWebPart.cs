using Microsoft.AspNetCore.Builder;

namespace Dpvr.Silo.Api.Hosting;

/// <summary>Something that is served beside the API, at the same address and behind the same authentication. The host composes it.</summary>
public interface IWebPart
{
    /// <summary>Adds its services to the web application.</summary>
    /// <param name="services">The web application's own; those that the API uses are there already.</param>
    /// <param name="host">The host's.</param>
    void AddTo(IServiceCollection services, IServiceProvider host);

    /// <summary>Maps its addresses. What names no policy needs the scope <c>read</c>.</summary>
    void Map(WebApplication app);
}
