using System.CommandLine;
using System.Globalization;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;
using Dpvr.Hosting.Auth;

namespace Dpvr.Cli.Keys;

/// <summary><c>dpvr keys list</c>.</summary>
internal static class KeysListCommand
{
    public static Command Create(SystemConsole console)
    {
        var store = new KeyStoreOption();
        var command = new ExampleCommand("list", "List the API keys of a store: ids, names, scopes and ends, never the keys.") { Examples = [new("dpvr keys list --store dpvr-data", "who may call")] };
        command.Add(store.Option);
        command.SetAction(async (result, cancellationToken) =>
        {
            var keys = new List<ApiKeyRecord>();
            await foreach (var key in store.Open(result).ListAsync(cancellationToken)) keys.Add(key);
            foreach (var key in keys.OrderBy(static k => k.Created)) console.Out.WriteLine(Line(key, TimeProvider.System.GetUtcNow()));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static string Line(ApiKeyRecord key, DateTimeOffset now)
    {
        var state = key.Revoked is { } revoked ? $"revoked {Day(revoked)}" : key.IsValid(now) ? key.Expires is { } end ? $"until {Day(end)}" : "valid" : $"ended {Day(key.Expires!.Value)}";
        return $"{key.Id}  {key.Scope,-6}  {Day(key.Created)}  {state}  {key.Name}";
    }

    private static string Day(DateTimeOffset at) => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
