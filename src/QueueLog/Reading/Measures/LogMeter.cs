using System.Globalization;
using System.Text.RegularExpressions;
using QueueLog.Records;

namespace QueueLog.Reading.Measures;

/// <summary>Counts entries, in whatever order they come.</summary>
internal sealed partial class LogMeter
{
    private readonly Dictionary<string, long> levels = [];
    private readonly Dictionary<string, long> processes = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> categories = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedDictionary<DateTime, long> minutes = [];
    private readonly Dictionary<string, MeasuredError> errors = [];
    private readonly Dictionary<(int? Pid, long Item, int Attempt), MeasuredItem> items = [];
    private long records;
    private long raw;
    private DateTimeOffset? from;
    private DateTimeOffset? to;

    public void Add(LogEntry entry)
    {
        records++;
        raw += entry.IsRaw ? 1 : 0;
        Count(levels, entry.Level?.ToString());
        Count(processes, entry.Process);
        Count(categories, entry.Category);
        if (entry.Timestamp is { } time)
        {
            from = from < time ? from : time;
            to = to > time ? to : time;
            var minute = new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute));
            minutes[minute] = minutes.GetValueOrDefault(minute) + 1;
            AddItem(entry, time);
        }

        if (entry.Level >= LogLevel.Error)
        {
            AddError(entry);
        }
    }

    // As arrays: a script can index these.
    /// <summary>What has come so far.</summary>
    /// <param name="most">How many items.</param>
    public LogMeasure Read(int most) => new()
    {
        Records = records,
        Raw = raw,
        From = from,
        To = to,
        Levels = Enumerable.Reverse(Enum.GetNames<LogLevel>()).Append("").Where(levels.ContainsKey).Select(level => Group(level, levels[level])).ToArray(),
        Processes = Groups(processes),
        Categories = Groups(categories),
        Minutes = minutes.Select(minute => Group(minute.Key.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), minute.Value)).ToArray(),
        Errors = errors.Values.OrderByDescending(error => error.Count).ThenBy(error => error.First).ToArray(),
        Items = items.Values.OrderByDescending(item => item.Duration).ThenBy(item => item.First).Take(most).ToArray(),
    };

    private static void Count(Dictionary<string, long> counts, string? name) => counts[name ?? ""] = counts.GetValueOrDefault(name ?? "") + 1;

    private static MeasuredGroup Group(string name, long count) => new() { Name = name, Count = count };

    private static MeasuredGroup[] Groups(Dictionary<string, long> counts) =>
        [.. counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(pair => Group(pair.Key, pair.Value))];

    private void AddError(LogEntry entry)
    {
        var template = entry.Template ?? Numbers().Replace(entry.Message, "#");
        if (!errors.TryGetValue(template, out var known))
        {
            known = new MeasuredError { Template = template, ExceptionType = entry.Exception?.Type, Message = entry.Message };
            errors.Add(template, known);
        }

        known.Count++;
        known.First = known.First < entry.Timestamp ? known.First : entry.Timestamp ?? known.First;
        known.Last = known.Last > entry.Timestamp ? known.Last : entry.Timestamp ?? known.Last;
    }

    private void AddItem(LogEntry entry, DateTimeOffset time)
    {
        if (entry.Item is not { } item)
        {
            return;
        }

        var key = (entry.Pid, item, entry.Attempt ?? 1);
        if (!items.TryGetValue(key, out var known))
        {
            items.Add(key, known = new MeasuredItem { Item = item, Attempt = key.Item3, First = time, Last = time, Worker = entry.Worker ?? entry.Process });
        }

        known.First = known.First < time ? known.First : time;
        known.Last = known.Last > time ? known.Last : time;
        known.Records++;
    }

    [GeneratedRegex("[0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
