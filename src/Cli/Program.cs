using Dpvr.Cli;
using Dpvr.Cli.Terminal;

return (int)await DpvrCommandLine.RunAsync(args, SystemConsole.Open());
