using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using QueueLog.Formatting;
using QueueLog.Reading.Files;
using QueueLog.Reading.Formats;
using QueueLog.Reading.Search;
using QueueLog.Records;

namespace QueueLog.Reading.Checks;

/// <summary>Reads a log from its first file to its last, and tells whether it is complete and in order.</summary>
internal sealed class LogCheck(string log, LogQuery query)
{
    // A log can be made to name any number of processes. What comes beyond these is counted as not checked.
    private const int MostClients = 100_000;

    private readonly TextCache texts = new();
    private readonly Dictionary<(string? Process, int? Pid, bool IsListener), ClientTrack> open = [];
    private readonly List<ClientTrack> done = [];
    private readonly List<CheckResult> files = [];

    // What was lost before the first record of its client.
    private readonly List<ListenerEvent> early = [];
    // Machines that did not hand over all they had, and what the log says of each.
    private readonly Dictionary<string, string> missingHosts = new(StringComparer.Ordinal);
    private readonly SortedSet<string> lacks = new(StringComparer.Ordinal);
    private long unknown;
    private long limited;

    /// <summary>A result for each client, in the order of their ends, and for each file, oldest first.</summary>
    public IEnumerable<CheckResult> Run()
    {
        foreach (var segment in LogFileSet.Open(log, query.Report))
        {
            using (segment)
            {
                files.Add(Read(segment));
            }
        }

        // A limit says how many it left out, and not whose they were.
        done.AddRange(open.Values);
        var isLimited = done.Sum(track => track.Unexplained) <= limited;
        var results = done.Select(track => track.ToResult(log, isLimited)).ToList();
        results.AddRange(early.Select(entryEvent => new CheckResult
        {
            Subject = CheckSubject.Process,
            Name = entryEvent.Process,
            Pid = entryEvent.Pid,
            Status = CheckStatus.Explained,
            Told = entryEvent.Count,
            Note = string.Create(CultureInfo.InvariantCulture, $"{entryEvent.Count} records were left out before they had a number, and no other is here."),
            Log = log,
        }));
        results.AddRange(missingHosts.Select(host => new CheckResult
        {
            Subject = CheckSubject.Host,
            Name = host.Key,
            Status = CheckStatus.Incomplete,
            Note = host.Value,
            Log = log,
        }));
        if (unknown > 0)
        {
            results.Add(new CheckResult
            {
                Status = CheckStatus.Unchecked,
                Count = unknown,
                Note = $"These records show no {string.Join(" and no ", lacks)}, by which alone it could be told whether one is missing. Start the listener with both in its -Template, or with -Format Json.",
                Log = log,
            });
        }

        return results.Concat(files);
    }

    private CheckResult Read(LogSegment segment)
    {
        long records = 0, torn = 0, raw = 0, tooLong = 0;
        var isUnfinished = false;
        var formats = new FormatFinder(query.Template, query.Zone, TimeZoneInfo.ConvertTimeFromUtc(segment.LastWriteUtc, query.Zone), query.LinePattern);
        using var entries = new EntryReader(segment.Read(), formats, cancellation: query.Cancellation) { LongestEntry = query.LongestEntry, ReportTooLong = _ => tooLong++ };
        while (Read(entries, segment, out var entry))
        {
            isUnfinished = entry.IsUnfinished;
            switch (entry.State)
            {
                case EntryState.Record:
                    records++;
                    Apply(in entry, entries.Parser!);
                    break;
                case EntryState.Torn:
                    torn++;
                    break;
                default:
                    raw++;
                    break;
            }
        }

        return new CheckResult
        {
            Subject = CheckSubject.File,
            Name = segment.Name.Name,
            Status = torn > 0 || tooLong > 0 || isUnfinished || entries.Failure is not null ? CheckStatus.Incomplete : CheckStatus.Complete,
            Format = entries.Parser?.Name,
            Count = records,
            Torn = torn,
            Raw = raw,
            IsUnfinished = isUnfinished,
            Note = NoteOf(entries.Failure, tooLong),
            Log = log,
        };
    }

    // The pattern of another program's lines may be a user's.
    private static bool Read(EntryReader entries, LogSegment segment, out EntryView entry)
    {
        try
        {
            return entries.Read(EndOfData.Final, out entry);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new MatchTimeoutException(exception.Pattern, exception.MatchTimeout, segment.Path, entries.Position, exception);
        }
    }

    private string? NoteOf(Exception? failure, long tooLong)
    {
        var notes = new List<string>();
        if (tooLong > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{tooLong} entries are longer than {query.LongestEntry} bytes, which no record is, and were passed over."));
        }

        if (failure is not null)
        {
            notes.Add($"The rest cannot be read: {failure.Message}");
        }

        return notes.Count == 0 ? null : string.Join(' ', notes);
    }

    private void Apply(scoped in EntryView entry, EntryParser parser)
    {
        var number = entry.Record.Sequence;
        if (!entry.Has(EntryFields.Sequence) || !entry.Has(EntryFields.Pid) || number < 1)
        {
            if (!entry.Has(EntryFields.Sequence) || number < 1)
            {
                lacks.Add("{Sequence}");
            }

            if (!entry.Has(EntryFields.Pid))
            {
                lacks.Add("{Pid}");
            }

            unknown++;
            return;
        }

        var entryEvent = EventOf(in entry, parser);
        var key = (texts.GetOrNull(entry.Record.Process), (int?)entry.Record.Pid, entryEvent is not null);
        EntryTime? time = entry.Has(EntryFields.Timestamp) ? new EntryTime(entry.Record.UtcTicks, entry.Record.OffsetMinutes) : null;
        if (open.TryGetValue(key, out var track) && !track.IsEndedBy(number, time))
        {
            track.Apply(number, time);
        }
        else if (open.Count + done.Count < MostClients)
        {
            if (track is not null)
            {
                done.Add(track);
            }

            track = open[key] = new ClientTrack(key.Item1, key.Item2, key.Item3, number, time);
            foreach (var lost in early.FindAll(lost => IsOf(lost, key)))
            {
                track.Apply(lost);
                early.Remove(lost);
            }
        }
        else
        {
            unknown++;
        }

        if (entryEvent is { Kind: ListenerEventKind.HostMissing } && missingHosts.Count < MostClients)
        {
            missingHosts[entryEvent.Process] = Encoding.UTF8.GetString(entry.Record.Message) + ".";
        }

        Apply(entryEvent);
    }

    // The listener's own records have their own numbers, apart from other records of its process.
    private static ListenerEvent? EventOf(scoped in EntryView entry, EntryParser parser)
    {
        var isListener = parser is TextEntryParser ? entry.Has(EntryFields.ListenerMark) : ListenerEntry.IsCategory(entry.Record.Category);
        return isListener ? ListenerEvent.Parse(Encoding.UTF8.GetString(entry.Record.Message)) : null;
    }

    private void Apply(ListenerEvent? entryEvent)
    {
        if (entryEvent is null or { Kind: ListenerEventKind.Other or ListenerEventKind.HostMissing })
        {
            return;
        }

        if (entryEvent.Kind == ListenerEventKind.Limited)
        {
            limited += entryEvent.Count;
            return;
        }

        var isKnown = false;
        foreach (var (key, track) in open)
        {
            if (IsOf(entryEvent, key))
            {
                isKnown = true;
                track.Apply(entryEvent);
            }
        }

        if (!isKnown && entryEvent.Kind == ListenerEventKind.Dropped && early.Count < MostClients)
        {
            early.Add(entryEvent);
        }
    }

    private static bool IsOf(ListenerEvent entryEvent, (string? Process, int? Pid, bool IsListener) key) =>
        key.Pid == entryEvent.Pid && !key.IsListener && (key.Process is null || key.Process == entryEvent.Process);
}
