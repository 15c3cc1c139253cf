using System.Diagnostics;

namespace QueueLog.Workers;

/// <summary>How a worker process is started: the same engine that this process runs in.</summary>
/// <param name="Program">Full path of pwsh or of the embedded host.</param>
/// <param name="Module">Full path of the assembly with the cmdlets.</param>
internal sealed record WorkerCommandLine(string Program, string Module)
{
    /// <summary>Environment variable that names the engine when this process is neither.</summary>
    public const string HostVariable = "QUEUELOG_HOST";

    /// <summary>Environment variable by which a worker learns whose it is: address, number, token and process id of the pool, with <c>|</c> between.</summary>
    public const string WorkerVariable = "QUEUELOG_WORKER";

    /// <summary>Names the settings below that are the pool's and not the user's, with <c>;</c> between: the worker takes them away from what it starts in turn.</summary>
    public const string SettingsVariable = "QUEUELOG_WORKER_SETTINGS";

    /// <summary>Environment variable by which the embedded host learns which assembly to import.</summary>
    public const string ModuleVariable = "QUEUELOG_MODULE";

    private const string EmbeddedHost = "qlhost";

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
    ];

    private bool IsEmbeddedHost => Path.GetFileNameWithoutExtension(Program).Equals(EmbeddedHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Finds the engine.</summary>
    /// <param name="module">Full path of the assembly with the cmdlets.</param>
    /// <param name="engineHome">The engine's <c>$PSHOME</c>.</param>
    /// <exception cref="WorkerHostNotFoundException">There is none.</exception>
    public static WorkerCommandLine Find(string module, string engineHome)
    {
        var named = Environment.GetEnvironmentVariable(HostVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named)
                ? new WorkerCommandLine(Path.GetFullPath(named), module)
                : throw new WorkerHostNotFoundException($"The environment variable {HostVariable} names '{named}', which is no file. Set it to the path of pwsh or {EmbeddedHost}, or remove it.");
        }

        var self = Environment.ProcessPath ?? "";
        var name = Path.GetFileNameWithoutExtension(self);
        if (name.StartsWith("pwsh", StringComparison.OrdinalIgnoreCase) || name.Equals(EmbeddedHost, StringComparison.OrdinalIgnoreCase))
        {
            return new WorkerCommandLine(self, module);
        }

        var installed = Path.Combine(engineHome, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh");
        return File.Exists(installed)
            ? new WorkerCommandLine(installed, module)
            : throw new WorkerHostNotFoundException($"Workers run in pwsh or in {EmbeddedHost}, and this process is '{self}'. Set the environment variable {HostVariable} to the path of one of them.");
    }

    /// <summary>The assembly that has the hook; null where it cannot be named.</summary>
    private string? Hook()
    {
        var core = Path.Combine(Path.GetDirectoryName(Module) ?? "", "QueueLog.dll");
        return Path.IsPathFullyQualified(core) && !core.Contains(Path.PathSeparator, StringComparison.Ordinal) && File.Exists(core) ? core : null;
    }

    /// <summary>Builds what starts one worker.</summary>
    public ProcessStartInfo ToStartInfo(string address, int number, string token, string workingDirectory, EnvironmentSetting[]? environment = null)
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
        if (IsEmbeddedHost)
        {
            start.ArgumentList.Add("-Worker");
        }
        else
        {
            start.ArgumentList.Add("-NoProfile");
            start.ArgumentList.Add("-NonInteractive");
            start.ArgumentList.Add("-NoLogo");
            start.ArgumentList.Add("-Command");
            start.ArgumentList.Add($"Import-Module -Name '{Module.Replace("'", "''", StringComparison.Ordinal)}'; Invoke-WorkerLoop");
        }

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
        var added = new List<string>(Settings.Length + 1);
        foreach (var (name, value) in Settings)
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
}
