namespace QueueLog.Tests.Support;

/// <summary>Where the clone is that the tests run from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Release or Debug: the configuration the tests were built in.</summary>
    public static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;

    public static string Source => Path.Combine(Root, "src", "QueueLog");

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "QueueLog.psd1")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The tests do not run from a clone.");
    }
}
