namespace QueueLog.Bench.Processes;

/// <summary>A program that the comparison starts, found or not.</summary>
/// <param name="Name">What to call it, also where it is missing.</param>
/// <param name="Path">Null when this machine does not have it.</param>
internal sealed record Tool(string Name, string? Path)
{
    /// <summary>The folder of the bench project: its scripts run from the sources, not from a copy.</summary>
    public static string BenchFolder { get; } = FindBenchFolder();

    public static string RepositoryFolder { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(BenchFolder, "..", ".."));

    /// <summary>The staged PowerShell.</summary>
    public static Tool Pwsh { get; } = FindPwsh();

    public string? Missing => Path is null ? $"{Name} is not on this machine" : null;

    /// <summary>Arguments that make pwsh run a script file.</summary>
    public static IEnumerable<string> FileArguments(string script, params IEnumerable<string> arguments) =>
        ["-NoProfile", "-NonInteractive", "-File", script, .. arguments];

    /// <summary>Arguments that make pwsh run a command.</summary>
    public static IEnumerable<string> CommandArguments(string command) => ["-NoProfile", "-NonInteractive", "-Command", command];

    public static Tool Find(string name)
    {
        var file = FileOf(name);
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return new Tool(name, folders.Select(folder => System.IO.Path.Combine(folder, file)).FirstOrDefault(File.Exists));
    }

    private static string FindBenchFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "QueueLog.Bench.csproj")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The comparison runs from its build folder inside the repository.");
    }

    private static Tool FindPwsh()
    {
        var path = System.IO.Path.Combine(RepositoryFolder, "output", "pwsh", FileOf("pwsh"));
        return new Tool("pwsh", File.Exists(path) ? path : null);
    }

    private static string FileOf(string program) => OperatingSystem.IsWindows() ? program + ".exe" : program;
}
