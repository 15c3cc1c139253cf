using System.Diagnostics;
using System.Globalization;
using static QueueLog.Native.Libc;

namespace QueueLog.Pool.Processes;

/// <summary>How a worker process is started: in the same PowerShell that this process runs in.</summary>
/// <param name="Program">Full path of pwsh, or of the dotnet that runs it.</param>
/// <param name="Module">Full path of the assembly with the cmdlets.</param>
internal sealed record WorkerCommandLine(string Program, string Module)
{
    /// <summary>Environment variable that names another pwsh.</summary>
    public const string HostVariable = "QUEUELOG_HOST";

    /// <summary>Environment variable by which a worker learns whose it is: address, number, token and process id of the pool, with <c>|</c> between.</summary>
    public const string WorkerVariable = "QUEUELOG_WORKER";

    /// <summary>Names the settings below that are the pool's and not the user's, with <c>;</c> between: the worker takes them away from what it starts in turn.</summary>
    public const string SettingsVariable = "QUEUELOG_WORKER_SETTINGS";

    /// <summary>Environment variable by which a worker learns which assembly it will import, before its engine knows.</summary>
    public const string ModuleVariable = "QUEUELOG_MODULE";

    // How long nothing new may have been compiled before code that is used often is compiled once more, and better; hexadecimal.
    private const string TieringDelayVariable = "DOTNET_TC_CallCountingDelayMs";

    // Where an apphost such as pwsh looks for .NET first.
    private const string DotnetRootVariable = "DOTNET_ROOT";

    // Has a worker connect while its engine starts; without it that is done behind.
    private const string HookVariable = "DOTNET_STARTUP_HOOKS";

    // What a worker runs with unless the user has set it otherwise.
    private static readonly (string Name, string Value)[] Settings =
    [
        // No profiling of young code: a worker runs the same few paths from its first item on.
        ("DOTNET_TieredPGO", "0"),

        // No pipes for debuggers: on Unix they are files, and a process that is killed leaves its own behind for ever.
        ("DOTNET_EnableDiagnostics", "0"),
        ("POWERSHELL_DIAGNOSTICS_OPTOUT", "1"),

        // Each would be counted as a session, and takes a tenth longer to start for it.
        ("POWERSHELL_TELEMETRY_OPTOUT", "1"),
    ];

    /// <summary>Full path of pwsh.dll, where dotnet has to run it.</summary>
    public string? EngineAssembly { get; init; }

    /// <summary>Folder of the .NET that runs this process, where pwsh might not find it by itself.</summary>
    public string? DotnetRoot { get; init; }

    /// <summary>Finds the engine.</summary>
    /// <param name="module">Full path of the assembly with the cmdlets.</param>
    /// <param name="engineHome">The engine's <c>$PSHOME</c>.</param>
    /// <exception cref="WorkerHostNotFoundException">There is none.</exception>
    public static WorkerCommandLine Find(string module, string engineHome) =>
        Find(module, engineHome, Environment.ProcessPath ?? "", Environment.GetEnvironmentVariable(HostVariable));

    /// <param name="module">Full path of the assembly with the cmdlets.</param>
    /// <param name="engineHome">The engine's <c>$PSHOME</c>.</param>
    /// <param name="self">The program of this process.</param>
    /// <param name="named">The pwsh that the user wants instead; null or empty for none.</param>
    internal static WorkerCommandLine Find(string module, string engineHome, string self, string? named)
    {
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named)
                ? new WorkerCommandLine(Path.GetFullPath(named), module)
                : throw new WorkerHostNotFoundException($"The environment variable {HostVariable} names '{named}', which is not a file. Set it to the path of pwsh, or remove it.");
        }

        // In the engine that runs here already; another may be for another processor.
        module = ModuleImages.Of(module);
        var name = Path.GetFileNameWithoutExtension(self);
        if (name.StartsWith("pwsh", StringComparison.OrdinalIgnoreCase))
        {
            return new WorkerCommandLine(self, module);
        }

        // A .NET tool runs as dotnet, and its .NET may stand where only that dotnet knows it.
        var dotnet = name.Equals("dotnet", StringComparison.OrdinalIgnoreCase) ? self : null;
        var root = Path.GetDirectoryName(dotnet);
        var installed = Path.Combine(engineHome, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        if (File.Exists(installed) && (dotnet is null || IsExecutable(installed)))
        {
            return new WorkerCommandLine(installed, module) { DotnetRoot = root };
        }

        var assembly = Path.Combine(engineHome, "pwsh.dll");
        return dotnet is not null && File.Exists(assembly)
            ? new WorkerCommandLine(dotnet, module) { EngineAssembly = assembly, DotnetRoot = root }
            : throw new WorkerHostNotFoundException($"Workers run in pwsh, and this process is '{self}'. Set the environment variable {HostVariable} to the path of pwsh.");
    }

    // The tool's package has one pwsh for Unix, a Linux program that only the owner of the file may execute.
    private static bool IsExecutable(string file) =>
        OperatingSystem.IsWindows() || (OperatingSystem.IsLinux() && MayAccess(file, ExecuteMode) == 0);

    // Where more workers start than there are cores, the runtime takes the time in which others run for the end of a start: each worker
    // would compile most of its engine once more (a quarter of a second), and that before the last has started.
    private static string TieringDelay(int workers) => Math.Max(100, 300L * (workers - Environment.ProcessorCount) / Environment.ProcessorCount).ToString("X", CultureInfo.InvariantCulture);

    /// <summary>The assembly that has the hook; null where it cannot be named.</summary>
    private string? Hook()
    {
        var core = Path.Combine(Path.GetDirectoryName(Module) ?? "", "QueueLog.dll");
        return Path.IsPathFullyQualified(core) && !core.Contains(Path.PathSeparator, StringComparison.Ordinal) && File.Exists(core) ? core : null;
    }

    /// <summary>Builds what starts one worker.</summary>
    /// <param name="address">Of the pool.</param>
    /// <param name="number">Of the worker.</param>
    /// <param name="token">By which the pool knows it.</param>
    /// <param name="workingDirectory">Where it starts.</param>
    /// <param name="environment">What its environment has besides the pool's.</param>
    /// <param name="workers">How many workers may start at the same time.</param>
    public ProcessStartInfo ToStartInfo(string address, int number, string token, string workingDirectory, EnvironmentSetting[]? environment = null, int workers = 1)
    {
        var start = new ProcessStartInfo(Program)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        if (EngineAssembly is not null)
        {
            start.ArgumentList.Add(EngineAssembly);
        }

        start.ArgumentList.Add("-NoProfile");
        start.ArgumentList.Add("-NonInteractive");
        start.ArgumentList.Add("-NoLogo");
        start.ArgumentList.Add("-Command");
        start.ArgumentList.Add($"Import-Module -Name '{Module.Replace("'", "''", StringComparison.Ordinal)}'; Invoke-WorkerLoop");

        // First, so that a setting of the user's own is kept and what ties the worker to its pool is not.
        foreach (var (name, value) in environment ?? [])
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }

        start.Environment[WorkerVariable] = $"{address}|{number}|{token}|{Environment.ProcessId}";
        start.Environment[ModuleVariable] = Module;
        if (DotnetRoot is not null)
        {
            // Stays for what the worker starts: a pwsh of its own would not find .NET either.
            start.Environment.TryAdd(DotnetRootVariable, DotnetRoot);
        }

        var added = new List<string>(Settings.Length + 2);
        foreach (var (name, value) in Settings.Append((TieringDelayVariable, TieringDelay(workers))))
        {
            if (start.Environment.TryAdd(name, value))
            {
                added.Add(name);
            }
        }

        if (Hook() is { } hook && start.Environment.TryAdd(HookVariable, hook))
        {
            added.Add(HookVariable);
        }

        start.Environment[SettingsVariable] = string.Join(';', added);
        return start;
    }

    private const int ExecuteMode = 1;
}
