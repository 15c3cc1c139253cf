using System.Text.RegularExpressions;
using QueueLog.Reading.Files;
using QueueLog.Reading.Search;

namespace QueueLog.Reading;

/// <summary>Gives the wanted entries of one file as objects.</summary>
internal sealed class FilteredReader(EntryReader entries, EntryFilter filter, EntryBuilder builder, string file) : IDisposable
{
    private readonly HiddenFields hidden = new(filter.AskedFields());

    // What says no time, as a line of another program, is of the time of the entry before it.
    private long time = long.MinValue;
    private long firstTime;
    private long lastWanted;
    private bool sawEntries;
    private bool sawTimes;

    public EntryReader Entries => entries;

    /// <summary>Whether it is by its time that no entry could be chosen: none has shown any.</summary>
    public bool LacksTimes => filter.HasTimes && sawEntries && !sawTimes;

    /// <summary>By which fields no entry could be chosen so far: none can show them.</summary>
    public IEnumerable<string> LackedFields => hidden.Names;

    /// <summary>Whether everything that comes is later than what is wanted, as far as can be told. Where the newest entries come first, it is not.</summary>
    public bool IsBeyond { get; private set; }

    /// <exception cref="MatchTimeoutException">An expression took too long for an entry.</exception>
    public LogEntry? Next(EndOfData atEnd)
    {
        try
        {
            return NextWanted(atEnd);
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new MatchTimeoutException(exception.Pattern, exception.MatchTimeout, file, entries.Position, exception);
        }
    }

    public void Dispose() => entries.Dispose();

    private LogEntry? NextWanted(EndOfData atEnd)
    {
        while (!IsBeyond && entries.Read(atEnd, out var entry))
        {
            sawEntries = true;
            if (entry.Has(EntryFields.Timestamp))
            {
                time = entry.Record.UtcTicks;
                firstTime = sawTimes ? firstTime : time;
                sawTimes = true;
            }

            if (entry.State == EntryState.Record)
            {
                hidden.See(entries.Parser!);
            }
            else
            {
                hidden.SeeRaw();
            }

            if (time <= filter.Until)
            {
                lastWanted = entry.Offset;
            }
            else if (entry.Offset - lastWanted > TimeSeeker.Lateness && time >= firstTime)
            {
                IsBeyond = true;
            }

            if ((!filter.HasTimes || filter.AcceptsTime(time)) && filter.AcceptsFields(in entry, entries.Parser!.NamesWorkerAsProcess))
            {
                return builder.Build(in entry, entries.Parser!.Name, file);
            }
        }

        return null;
    }
}
