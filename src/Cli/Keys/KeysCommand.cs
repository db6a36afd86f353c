using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Terminal;

namespace Dpvr.Cli.Keys;

/// <summary><c>dpvr keys</c>: the API keys of a store.</summary>
internal static class KeysCommand
{
    public static Command Create(SystemConsole console)
    {
        var command = new ExampleCommand("keys", "Make, list and revoke the API keys of a store.")
        {
            Examples =
            [
                new("dpvr keys create --name ingest --scope submit --days 90 --store dpvr-data", "prints the key, once"),
                new("dpvr keys list --store dpvr-data", "ids, names, scopes and ends, never keys"),
                new("dpvr keys revoke 3f2a9c0d1e5b --store dpvr-data", "it opens nothing any more, at the latest after 5 s"),
            ],
        };
        command.Add(KeysCreateCommand.Create(console));
        command.Add(KeysListCommand.Create(console));
        command.Add(KeysRevokeCommand.Create(console));
        return command;
    }
}
