using System.CommandLine;
using Dpvr.Cli.Help;
using Dpvr.Cli.Options;
using Dpvr.Cli.Terminal;
using Dpvr.Hosting.Auth;

namespace Dpvr.Cli.Keys;

/// <summary><c>dpvr keys create</c>.</summary>
internal static class KeysCreateCommand
{
    public static Command Create(SystemConsole console)
    {
        var store = new KeyStoreOption();
        var name = new Option<string>("--name", "-n") { HelpName = "text", Required = true, Description = "What people call it." };
        var scope = CheckedOption.OneOf("--scope", [.. ApiScope.All], ApiScope.Submit, "read: look; submit: hand in and steer work too; admin: decide between others' work too. Default: submit.");
        var days = CheckedOption.Number("--days", 0, 0, 36_500, "Days until it ends; 0: never.");
        var command = new ExampleCommand("create", "Make an API key and print it: it is shown this once, only its hash is kept.") { Examples = [new("dpvr keys create --name ingest --store dpvr-data", "for programs that hand in work")] };
        foreach (var option in (Option[])[name, scope, days, store.Option]) command.Add(option);
        command.SetAction(async (result, cancellationToken) =>
        {
            var called = result.GetRequiredValue(name);
            if (called.Length is 0 or > 100 || called.Any(char.IsControl)) throw new UsageException($"--name: '{called}' is not allowed; allowed: 1 to 100 characters.");
            var (key, now, lasts) = (ApiKey.Create(), TimeProvider.System.GetUtcNow(), result.GetValue(days));
            await store.Open(result).AddAsync(
                new ApiKeyRecord { Id = key.Id, Sha256 = key.Hash, Name = called, Scope = result.GetValue(scope)!, Created = now, Expires = lasts > 0 ? now.AddDays(lasts) : null }, cancellationToken);
            console.Out.WriteLine(key.Reveal());
            console.Error.WriteLine($"dpvr: key {key.Id} was made; it is shown only now.");
            return (int)ExitCode.Ok;
        });
        return command;
    }
}
