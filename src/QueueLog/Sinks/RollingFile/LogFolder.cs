namespace QueueLog.Sinks.RollingFile;

/// <summary>The folders that log files stand in.</summary>
internal static class LogFolder
{
    /// <summary>Creates the folder of a file.</summary>
    /// <returns>How many folders had to be created, one in the other.</returns>
    /// <exception cref="LogFileException">It cannot be created.</exception>
    public static int Create(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(path) ?? path;
            var missing = 0;
            for (var outer = folder; outer is not null && !Directory.Exists(outer); outer = Path.GetDirectoryName(outer))
            {
                missing++;
            }

            Directory.CreateDirectory(folder);
            return missing;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new LogFileException(path, LogFileFault.NoFolder, $"The folder of '{path}' does not exist and cannot be created: {exception.Message}", exception);
        }
    }

    /// <summary>Makes sure that files can be created in a folder, which is created itself where it is missing.</summary>
    /// <returns>How many folders had to be created, one in the other.</returns>
    /// <exception cref="LogFileException">They cannot.</exception>
    public static int Probe(string folder)
    {
        var probe = Path.Combine(folder, $".queuelog-{Guid.NewGuid():N}");
        var created = Create(probe);
        try
        {
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return created;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw LogFileException.Of(folder, exception);
        }
    }
}
