using Dpvr.Silo.Api.Problems;
using Dpvr.Silo.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Dpvr.Silo.Api.Models;

/// <summary><c>/v1/models</c>: what jobs, batches and chats may name.</summary>
internal static class ModelRoutes
{
    public static void MapModels(this IEndpointRouteBuilder app)
    {
        var models = app.MapGroup("/v1/models").WithTags("Models");
        models.MapGet("/", (IModelCatalog catalog) => TypedResults.Ok(new ModelList([.. catalog.Models.Select(View)]))).WithSummary("The models; the first is taken when none is named.");
        models.MapGet("/{id}", Read).WithSummary("One model.");
    }

    private static Ok<ModelObject> Read(string id, IModelCatalog catalog) =>
        TypedResults.Ok(View(catalog.Models.FirstOrDefault(m => m.Name == id) ?? throw ApiProblemException.Of(404, "model_not_found", $"There is no model '{id}'.", "model", id, string.Join(", ", catalog.Models.Select(static m => m.Name)))));

    private static ModelObject View(ModelEntry model) => new(model.Name, model.Created.ToUnixTimeSeconds(), model.Routings, model.Revision);

    /// <summary>A model as OpenAI's clients read it, with what is our own beside it.</summary>
    internal sealed record ModelObject(string Id, long Created, IReadOnlyList<string> Routings, string Revision)
    {
        public string Object { get; init; } = "model";
        public string OwnedBy { get; init; } = "dpvr";
    }

    /// <summary>All of them.</summary>
    internal sealed record ModelList(IReadOnlyList<ModelObject> Data)
    {
        public string Object { get; init; } = "list";
    }
}
