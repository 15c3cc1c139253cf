namespace QueueLog.Sinks.RollingFile;

/// <summary>Which file to write and when to start a new one.</summary>
internal sealed record RollingFileOptions
{
    /// <summary>The file; missing folders are created. It may contain tokens, see <see cref="TokenPath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Most bytes in a file, at least 1; only a single entry that is longer makes a longer file. Default: null, no rolling.</summary>
    public long? MaxFileSize { get; init; }

    /// <summary>How many old files are kept beside the current one. Default: 5. 0 keeps none: what is rolled is deleted.</summary>
    public int MaxFiles { get; init; } = 5;

    /// <summary>Whether what a former run left in the file is discarded. Default: no, it is appended to.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How many of the files of a path with tokens stay open, at least 1. Default: 64. While records for more come fast, twice as many are.</summary>
    public int MaxOpenFiles { get; init; } = 64;

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public void Validate()
    {
        if (MaxFileSize is { } size)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(MaxFileSize));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(MaxFiles, nameof(MaxFiles));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOpenFiles, 1, nameof(MaxOpenFiles));
    }
}
