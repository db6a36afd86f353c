using System.Globalization;
using Dpvr.Scale;

// dotnet run -c Release --project benchmarks/Dpvr.Scale -- [items] [shards to do] [workers] [memory|files]
long Number(int at, long otherwise) => args.Length > at ? long.Parse(args[at], NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : otherwise;

var run = new ScaleRun(Number(0, 100_000_000), (int)Number(1, 50_000), (int)Number(2, 1_000), args.Length > 3 && args[3] == "files");
Console.WriteLine("| what | figure |");
Console.WriteLine("|---|---|");
await foreach (var (what, figure) in run.MeasureAsync()) Console.WriteLine($"| {what} | {figure} |");
