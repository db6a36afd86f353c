using System.CommandLine;
using Dpvr.Cli.Options;
using Dpvr.Silo.Messages.Hosting;

namespace Dpvr.Cli.Hosts;

/// <summary>Which broker messages come from. What holds a password can come from the environment, where other users of the machine do not see it.</summary>
internal sealed class BusOptionSet
{
    /// <summary>Environment variable in place of <c>--bus</c>.</summary>
    public const string Variable = "DPVR_BUS";

    private readonly Option<string?> _bus = new("--bus") { HelpName = "address", Description = $"Take jobs and pictures from a RabbitMQ: amqp://user:password@host:port/vhost, or amqps:// for TLS. Default: ${Variable}; without it, none." };
    private readonly Option<int> _limit = CheckedOption.Number("--bus-delivery-limit", 20, 1, 1_000_000, "Deliveries of one message that this host or another did not live to answer, after which it goes to the queue dpvr.dead. A queue keeps the limit that it was made with.");

    public void AddTo(Command command)
    {
        command.Add(_bus);
        command.Add(_limit);
    }

    /// <summary>The broker; null: none.</summary>
    /// <exception cref="UsageException">It is no address.</exception>
    public BusAddress? Broker(ParseResult result)
    {
        if ((result.GetValue(_bus) ?? Environment.GetEnvironmentVariable(Variable)) is not { Length: > 0 } text) return null;
        try
        {
            return BusAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"--bus: {e.Message}", e);
        }
    }

    public Action<BusOptions> Options(ParseResult result)
    {
        var limit = result.GetValue(_limit);
        return options => options.DeliveryLimit = limit;
    }
}
