using System.Globalization;
using QueueLog.Formatting;

namespace QueueLog.Reading.Checks;

/// <summary>Follows the numbers of one client through a log.</summary>
internal sealed class ClientTrack(string? process, int? pid, bool isListener, long first, EntryTime? time)
{
    private readonly MissingNumbers missing = new();
    private readonly long first = first;
    private readonly EntryTime? from = time;
    private EntryTime? to = time;
    private long last = first;
    private long count = 1;
    private long repeated;
    private long outOfOrder;
    private long toldMissing;
    private long toldDropped;

    /// <summary>What the log says was its last number.</summary>
    private long? toldLast;

    /// <summary>Whether a record with that number and time begins another client of the same process: every client begins with 1.</summary>
    public bool IsEndedBy(long number, EntryTime? at) => number == 1 && !(first == 1 && at == from);

    public void Apply(long number, EntryTime? at)
    {
        count++;
        to = at ?? to;
        if (number > last)
        {
            if (number > last + 1)
            {
                missing.Add(last + 1, number - 1);
            }

            last = number;
        }
        else if (missing.Remove(number))
        {
            outOfOrder++;
        }
        else if (number < first)
        {
            outOfOrder++;
        }
        else
        {
            repeated++;
        }
    }

    public void Apply(ListenerEvent entryEvent)
    {
        switch (entryEvent.Kind)
        {
            case ListenerEventKind.Missing:
                toldMissing += entryEvent.Count;
                break;
            case ListenerEventKind.Dropped:
                toldDropped += entryEvent.Count;
                break;
            case ListenerEventKind.Ended:
                toldLast = entryEvent.LastSequence;
                break;
        }
    }

    /// <summary>Missing numbers that no record of the listener's speaks of.</summary>
    public long Unexplained => Math.Max(0, missing.Count + Math.Max(0, (toldLast ?? 0) - last) - toldMissing);

    /// <param name="log">Full path of the log.</param>
    /// <param name="isLimited">Whether a limit explains what is missing.</param>
    public CheckResult ToResult(string log, bool isLimited)
    {
        var note = Note(isLimited);
        isLimited &= Unexplained > 0;
        if (toldLast > last)
        {
            missing.Add(last + 1, toldLast.Value);
        }

        return new CheckResult
        {
            Subject = isListener ? CheckSubject.Listener : CheckSubject.Process,
            Name = process,
            Pid = pid,
            Status = Status(isLimited),
            Count = count,
            First = first,
            Last = last,
            Missing = missing.Count,
            MissingNumbers = missing.Ranges,
            Repeated = repeated,
            OutOfOrder = outOfOrder,
            Told = toldMissing + toldDropped,
            From = from?.ToTime(),
            To = to?.ToTime(),
            Note = note,
            Log = log,
        };
    }

    private CheckStatus Status(bool isLimited)
    {
        if (missing.Count > toldMissing && !isLimited)
        {
            return CheckStatus.Incomplete;
        }

        return repeated > 0 || outOfOrder > 0 ? CheckStatus.Disordered
            : missing.Count > 0 || toldDropped > 0 ? CheckStatus.Explained
            : CheckStatus.Complete;
    }

    private string? Note(bool isLimited)
    {
        var notes = new List<string>();
        if (first > 1)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"It begins with number {first}: what was before is in no file that is still there, or was written elsewhere."));
        }

        if (toldLast > last)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"The log says that its last record was number {toldLast}."));
        }

        if (isLimited && Unexplained > 0)
        {
            notes.Add("The log says that as many records, of all processes together, were left out by a -Limit.");
        }

        if (toldDropped > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{toldDropped} records were left out before they had a number."));
        }

        return notes.Count == 0 ? null : string.Join(' ', notes);
    }
}

/// <summary>The time of a record as it is written.</summary>
internal readonly record struct EntryTime(long UtcTicks, short OffsetMinutes)
{
    public DateTimeOffset ToTime() => TimestampText.ToTime(UtcTicks, OffsetMinutes);
}
