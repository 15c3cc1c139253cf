using System.Globalization;

namespace QueueLog.Reading.Checks;

/// <summary>Whether a log has every record of a process, or a file's every line is whole.</summary>
public sealed class CheckResult
{
    internal CheckResult()
    {
    }

    /// <summary>What it is about.</summary>
    public CheckSubject Subject { get; internal init; }

    /// <summary>Name of the process, or of the file.</summary>
    public string? Name { get; internal init; }

    /// <summary>Id of the process.</summary>
    public int? Pid { get; internal init; }

    /// <summary>What it has come to.</summary>
    public CheckStatus Status { get; internal init; }

    /// <summary>Records that are there.</summary>
    public long Count { get; internal init; }

    /// <summary>Number of the first of a process.</summary>
    public long? First { get; internal init; }

    /// <summary>The highest number.</summary>
    public long? Last { get; internal init; }

    /// <summary>How many numbers are missing.</summary>
    public long? Missing { get; internal init; }

    /// <summary>Which; the first thousand stretches.</summary>
    public IReadOnlyList<SequenceRange> MissingNumbers { get; internal init; } = [];

    /// <summary>How many came with a number that had been there.</summary>
    public long? Repeated { get; internal init; }

    /// <summary>How many came behind one with a higher number.</summary>
    public long? OutOfOrder { get; internal init; }

    /// <summary>How many the log itself says are missing: among the numbers, or left out before they had one.</summary>
    public long? Told { get; internal init; }

    /// <summary>Of a file, entries that begin as records do and do not go on as such.</summary>
    public long? Torn { get; internal init; }

    /// <summary>Of a file, lines of other programs.</summary>
    public long? Raw { get; internal init; }

    /// <summary>Whether a file ends before its last line does.</summary>
    public bool IsUnfinished { get; internal init; }

    /// <summary>The format of a file's last entry: text, json, logfmt or csv.</summary>
    public string? Format { get; internal init; }

    /// <summary>When the first record was written.</summary>
    public DateTimeOffset? From { get; internal init; }

    /// <summary>When the last was written.</summary>
    public DateTimeOffset? To { get; internal init; }

    /// <summary>What else there is to know.</summary>
    public string? Note { get; internal init; }

    /// <summary>Full path of the log.</summary>
    public string Log { get; internal init; } = "";
}

/// <summary>What a check of a log has come to.</summary>
public enum CheckStatus
{
    /// <summary>Everything is there, once and in order.</summary>
    Complete,

    /// <summary>What is missing, the log itself tells of.</summary>
    Explained,

    /// <summary>Nothing is missing, but records come twice or in another order.</summary>
    Disordered,

    /// <summary>Something is missing or torn.</summary>
    Incomplete,

    /// <summary>The log does not show what would tell.</summary>
    Unchecked,
}

/// <summary>What a result of a check is about.</summary>
public enum CheckSubject
{
    /// <summary>The records of one client: of a process, from its first to its last.</summary>
    Process,

    /// <summary>The records by which a listener itself tells what happened; they are numbered by themselves.</summary>
    Listener,

    /// <summary>The lines of one file.</summary>
    File,

    /// <summary>A machine that worked for a queue and did not hand over all that it had logged.</summary>
    Host,
}

/// <summary>Numbers of records, from the first to the last.</summary>
public readonly record struct SequenceRange(long First, long Last)
{
    /// <summary>How many there are.</summary>
    public long Count => Last - First + 1;

    /// <summary>Such as 7 or 7..12.</summary>
    public override string ToString() => First == Last ? First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{First}..{Last}");
}
