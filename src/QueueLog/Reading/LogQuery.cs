using QueueLog.Reading.Foreign;
using QueueLog.Reading.Search;

namespace QueueLog.Reading;

/// <summary>What is asked of a log.</summary>
internal sealed record LogQuery
{
    public EntryFilter Filter { get; init; } = new();

    /// <summary>What the text of an entry must match; null for all.</summary>
    public EntryPattern? Pattern { get; init; }

    /// <summary>Only so many of the last; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Template of entries whose file does not tell; null for the default.</summary>
    public string? Template { get; init; }

    /// <summary>Pattern of the lines of another program, whose file does not tell; null to find out.</summary>
    public LinePattern? LinePattern { get; init; }

    /// <summary>The zone of times that say no offset.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Bytes of an entry; a longer one is passed over.</summary>
    public int LongestEntry { get; init; } = ReadLimits.LongestEntry;

    /// <summary>Told of files that cannot be read.</summary>
    public Action<ReadProblem> Report { get; init; } = static _ => { };

    public CancellationToken Cancellation { get; init; }
}
