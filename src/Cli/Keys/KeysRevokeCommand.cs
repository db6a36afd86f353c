using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Keys;

/// <summary><c>dpvr keys revoke</c>.</summary>
internal static class KeysRevokeCommand
{
    public static Command Create(SystemConsole console)
    {
        var store = new KeyStoreOption();
        var id = new Argument<string>("id") { Description = "The key's id, as dpvr keys list says it." };
        var command = new ExampleCommand("revoke", "Make an API key open nothing any more.") { Examples = [new("dpvr keys revoke 3f2a9c0d1e5b --store dpvr-data", "running servers know it within 5 s")] };
        command.Add(id);
        command.Add(store.Option);
        command.SetAction(async (result, cancellationToken) =>
        {
            var named = result.GetRequiredValue(id);
            if (named.Length != 12 || !named.All(char.IsAsciiHexDigitLower) || !await store.Open(result).RevokeAsync(named, TimeProvider.System.GetUtcNow(), cancellationToken))
                throw new UsageException($"<id>: there is no key '{named}' in the store; allowed: an id of dpvr keys list.");
            console.Out.WriteLine($"{named} is revoked");
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
