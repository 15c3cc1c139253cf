namespace QueueLog.Sinks.RollingFile;

/// <summary>Which file to write and when to start a new one.</summary>
internal sealed record RollingFileOptions
{
    /// <summary>The file; missing folders are created. It may contain tokens, see <see cref="TokenPath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Most bytes in a file, at least 1; only a single entry that is longer makes a longer file. Default: null, no rolling.</summary>
    public long? MaxFileSize { get; init; }

    /// <summary>A file has the records of one such time only. Default: null, of any.</summary>
    public RollInterval? RollInterval { get; init; }

    /// <summary>So many minutes, hours, days, weeks or months to a file, at least 1. Default: 1. Minutes and hours are counted anew each day.</summary>
    public int RollEvery { get; init; } = 1;

    /// <summary>The time of day at which days begin, and with them weeks and months. Default: midnight.</summary>
    public TimeOnly RollAt { get; init; }

    /// <summary>Whether these times are those of UTC. Default: no, of the local time zone.</summary>
    public bool RollUtc { get; init; }

    /// <summary>What old files are called. Default: by numbers.</summary>
    public RollNames RollNames { get; init; }

    /// <summary>How many old files are kept beside the current one. Default: 5. 0 keeps none: what is rolled is deleted.</summary>
    public int MaxFiles { get; init; } = 5;

    /// <summary>Most bytes of the current file and the old ones together. Default: null, no limit.</summary>
    public long? MaxTotalSize { get; init; }

    /// <summary>How long ago the last entry of an old file was written at most. Default: null, no limit.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Whether old files are compressed. Default: no.</summary>
    public bool Compress { get; init; }

    /// <summary>Whether what a former run left in the file is discarded. Default: no, it is appended to.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How many of the files of a path with tokens stay open, at least 1. Default: 64. While records for more come fast, twice as many are.</summary>
    public int MaxOpenFiles { get; init; } = 64;

    /// <summary>Whether what the file holds was last written by the same listener, so that its format is known. Default: no.</summary>
    public bool IsOurs { get; init; }

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether there is anything to be done about old files. Otherwise they are no concern of ours, whatever they are called.</summary>
    public bool HasOldFiles => MaxFileSize is not null || RollInterval is not null || RollNames == RollNames.DateInName || MaxTotalSize is not null || MaxAge is not null || Compress;

    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public void Validate()
    {
        if (MaxFileSize is { } size)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(MaxFileSize));
        }

        if (MaxTotalSize is { } total)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(total, MaxFileSize ?? 1, nameof(MaxTotalSize));
        }

        if (MaxAge is { } age)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(age, TimeSpan.Zero, nameof(MaxAge));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(RollEvery, 1, nameof(RollEvery));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxFiles, nameof(MaxFiles));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxOpenFiles, 1, nameof(MaxOpenFiles));
    }
}

/// <summary>How long the time is whose records share a file, by the calendar.</summary>
public enum RollInterval
{
    /// <summary>A minute.</summary>
    Minute,

    /// <summary>An hour of the clock.</summary>
    Hour,

    /// <summary>A day, from midnight to midnight.</summary>
    Day,

    /// <summary>A week, which begins on Monday.</summary>
    Week,

    /// <summary>A month of the calendar.</summary>
    Month,
}

/// <summary>What tells the files of a log apart by their names.</summary>
public enum RollNames
{
    /// <summary>A number behind the names of old files: <c>run.log.1</c> is the newest.</summary>
    Number,

    /// <summary>The time of their records behind the names of old files: <c>run.log.2026-11-25</c>.</summary>
    Date,

    /// <summary>That time before the extension of each file, the current one too: <c>run-20261125.log</c>. No file is ever renamed.</summary>
    DateInName,
}
