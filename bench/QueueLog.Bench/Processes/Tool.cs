namespace QueueLog.Bench.Processes;

/// <summary>A program that the comparison starts, found or not.</summary>
/// <param name="Name">What to call it, also where it is missing.</param>
/// <param name="Path">Null when this machine does not have it.</param>
internal sealed record Tool(string Name, string? Path)
{
    /// <summary>The folder of the bench project: its scripts run from the sources, not from a copy.</summary>
    public static string BenchFolder { get; } = FindBenchFolder();

    public static string RepositoryFolder { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(BenchFolder, "..", ".."));

    /// <summary>The embedded engine, in the configuration and framework of this program.</summary>
    public static Tool Host { get; } = FindHost();

    private string[] EngineArguments => this == Host ? [] : ["-NoProfile", "-NonInteractive"];

    public string? Missing => Path is null ? $"{Name} is not on this machine" : null;

    /// <summary>Arguments that make this engine run a script file.</summary>
    public IEnumerable<string> FileArguments(string script, params IEnumerable<string> arguments) =>
        [.. EngineArguments, "-File", script, .. arguments];

    /// <summary>Arguments that make this engine run a command.</summary>
    public IEnumerable<string> CommandArguments(string command) => [.. EngineArguments, "-Command", command];

    public static Tool Find(string name)
    {
        var file = OperatingSystem.IsWindows() ? name + ".exe" : name;
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

    private static Tool FindHost()
    {
        // bin/<configuration>/<framework>/ of the bench has a sibling of the same two names at the host.
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(System.IO.Path.DirectorySeparatorChar));
        var path = System.IO.Path.Combine(
            RepositoryFolder, "src", "QueueLog.Host", "bin", framework.Parent!.Name, framework.Name,
            OperatingSystem.IsWindows() ? "qlhost.exe" : "qlhost");
        return new Tool("qlhost", File.Exists(path) ? path : null);
    }
}
