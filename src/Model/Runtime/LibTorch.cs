using System.Runtime.InteropServices;

namespace Dpvr.Model.Runtime;

/// <summary>
/// Loads libtorch by absolute path before TorchSharp looks for it, so that half a gigabyte of native code stands on disk
/// once (in the package cache, in a container layer, or in a PyTorch installation) instead of beside every app.
/// Call <see cref="EnsureLoaded"/> before any member of <c>torch</c> is touched.
/// </summary>
public static class LibTorch
{
    /// <summary>Environment variable that names a folder with libtorch (for example PyTorch's <c>torch/lib</c>).</summary>
    public const string PathVariable = "DPVR_LIBTORCH";

    /// <summary>Environment variable that names the folder with <c>libLibTorchSharp.so</c>.</summary>
    public const string SharpPathVariable = "DPVR_LIBTORCHSHARP";

    private static readonly Lazy<string> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Loads the native libraries once and returns the folder they came from.</summary>
    /// <exception cref="DllNotFoundException">No libtorch was found; the message names the places and the remedy.</exception>
    public static string EnsureLoaded() => Loaded.Value;

    /// <summary>Handle of libtorch_cpu, for what TorchSharp does not bind.</summary>
    internal static nint Cpu { get; private set; }

    private static string Load()
    {
        SetUpEnvironment();
        NativeHeap.KeepForReuse();
        var torch = FindFolder("libtorch_cpu.so", PathVariable, "Dpvr.LibTorch.Path");
        var sharp = FindFolder("libLibTorchSharp.so", SharpPathVariable, "Dpvr.LibTorchSharp.Path");

        NativeLibrary.Load(Path.Combine(torch, "libc10.so"));
        Cpu = NativeLibrary.Load(Path.Combine(torch, "libtorch_cpu.so"));
        foreach (var optional in (string[])["libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"])
        {
            var path = Path.Combine(torch, optional);
            if (File.Exists(path)) NativeLibrary.Load(path);
        }

        LoadBinding(Path.Combine(sharp, "libLibTorchSharp.so"));
        return torch;
    }

    private static void LoadBinding(string path)
    {
        try
        {
            NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e) when (e.Message.Contains(ElfVersionNeeds.NewerLibstdcxx, StringComparison.Ordinal))
        {
            NativeLibrary.Load(ElfVersionNeeds.WriteCopyThatLoads(path));
        }
    }

    private static string FindFolder(string file, string variable, string buildOption)
    {
        string?[] places =
        [
            Environment.GetEnvironmentVariable(variable),
            Path.Combine(AppContext.BaseDirectory, "libtorch"),
            AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"),
            AppContext.GetData(buildOption) as string,
        ];
        foreach (var place in places)
            if (place is { Length: > 0 } && File.Exists(Path.Combine(place, file))) return place;

        var tried = string.Join(", ", places.Where(p => !string.IsNullOrEmpty(p)));
        throw new DllNotFoundException(
            $"{file} was not found. Looked in: {tried}. Set {variable} to the folder that holds it, " +
            "restore the solution again (dotnet restore), or build with -p:TorchBackend=cuda.");
    }

    /// <summary>
    /// What libgomp and libc10 read once when they load; .NET's own SetEnvironmentVariable does not reach the C environment, hence setenv.
    /// libgomp's threads spin between parallel regions by default, which costs 10 to 20 times the run time as soon as two processes
    /// share the cores. libc10 asks for huge pages where it is told to: weights, keys and values are read from end to end at each step.
    /// </summary>
    private static void SetUpEnvironment()
    {
        if (!OperatingSystem.IsLinux()) return;
        setenv("OMP_WAIT_POLICY", "PASSIVE", 0);
        setenv("THP_MEM_ALLOC_ENABLE", "1", 0);
    }

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int setenv(string name, string value, int overwrite);
}
