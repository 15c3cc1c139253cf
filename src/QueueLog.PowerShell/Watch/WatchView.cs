using System.Diagnostics;
using System.Globalization;
using QueueLog.Pool;
using QueueLog.Reading;
using QueueLog.Records;

namespace QueueLog.PowerShell.Watch;

/// <summary>Makes the lines of the screen: the run, its workers, its last failures, its log.</summary>
internal sealed class WatchView(bool hasColors)
{
    private const string Dim = "\e[2m";
    private const string Bold = "\e[1m";
    private const string Inverse = "\e[7m";
    private const string Red = "\e[31m";
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";

    private static readonly CultureInfo Culture = CultureInfo.CurrentCulture;

    /// <summary>All lines of the screen.</summary>
    public IReadOnlyList<string> Lines(WatchedPool pool, WatchedLog log, WatchState state, int width, int height)
    {
        var lines = new List<string>(height);
        var status = pool.Status!;
        AddHead(lines, pool, status, width);
        var failures = status.LastFailures.TakeLast(3).ToArray();
        var rows = Math.Clamp(status.Workers.Count, 1, Math.Max(1, (height - 8 - failures.Length) / 2));
        AddWorkers(lines, pool, status, state, width, rows);
        AddFailures(lines, failures, width);
        AddLog(lines, status, log, state, width, height - 1);
        var keys = state.Message ?? (state.Asked is var (worker, item)
            ? $" Stop item {item} of {worker}? y: yes   any other key: no"
            : $" q quit   ↑↓ worker   Enter its log   l level ({log.Level})   k stop its item{(pool.Others > 0 ? $"   Tab next of {pool.Others + 1} pools" : "")}");
        lines.Add(Paint(state.Asked is null ? Dim : Bold + Yellow, CellText.Fit(keys, width)));
        return lines;
    }

    /// <summary>How the run is, in one line, for who has no terminal.</summary>
    public static string Line(WatchedPool pool)
    {
        var status = pool.Status!;
        var busy = status.Workers.Count(static worker => worker.State == WorkerState.Busy);
        return string.Create(Culture, $"{pool.Now:HH:mm:ss} {status.Name} {StateOf(pool)}: {Count(pool)}, {status.ItemsFailed:N0} failed, {status.ItemsRetried:N0} retried, {Speed(pool)}, {busy} of {status.Count} workers busy");
    }

    private static string StateOf(WatchedPool pool) => pool.GoneSince is { } since ? $"gone since {since:HH:mm:ss}" : pool.Status!.State.ToLowerInvariant();

    private static string Count(WatchedPool pool) => pool.Status is { ItemsTotal: { } total } known
        ? string.Create(Culture, $"{known.ItemsEnded:N0} of {total:N0} items ({Percent(known, total)} %)")
        : string.Create(Culture, $"{pool.Status!.ItemsEnded:N0} items");

    private static long Percent(PoolStatus status, long total) => total == 0 ? 100 : Math.Min(100, status.ItemsEnded * 100 / total);

    private static string Speed(WatchedPool pool) => string.Create(Culture, $"{(pool.Rate >= 10 ? pool.Rate.ToString("N0", Culture) : pool.Rate.ToString("0.0", Culture))} items/s{(pool.Left is { } left ? $", {Lasting(left)} left" : "")}");

    private static string Lasting(TimeSpan span) => span < TimeSpan.Zero ? "0:00" : span.TotalHours >= 1 ? $"{(long)span.TotalHours}:{span:mm\\:ss}" : span.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private static string MemoryOf(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return string.Create(Culture, $"{process.WorkingSet64 / 1024 / 1024:N0} MB");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or SystemException)
        {
            return "";
        }
    }

    private void AddHead(List<string> lines, WatchedPool pool, PoolStatus status, int width)
    {
        var began = status.RunStarted ?? status.Started;
        var until = pool.GoneSince ?? pool.Now;
        var isGone = pool.GoneSince is not null;
        lines.Add(Paint(isGone ? Bold + Red : Bold, CellText.Fit($" {status.Name}: {StateOf(pool)}, process {status.Pid}, {status.Count} workers, {Lasting(until - began)}", width)));
        lines.Add(Bar(status, width));
        lines.Add(Paint("", CellText.Fit($" {Count(pool)}, {Speed(pool)}", width)));
        lines.Add(Paint(status.ItemsFailed > 0 ? Red : Dim, CellText.Fit(string.Create(Culture, $" {status.ItemsFailed:N0} failed, {status.ItemsRetried:N0} retried, {status.ItemsWaiting:N0} read and not ended"), width)));
    }

    private string Bar(PoolStatus status, int width)
    {
        var room = width - 3;
        var done = status.ItemsTotal is { } total ? (int)(Percent(status, total) * room / 100) : 0;
        return Paint("", " [") + Paint(Green, new string('#', done)) + Paint(Dim, new string('.', room - done)) + Paint("", "]");
    }

    private void AddWorkers(List<string> lines, WatchedPool pool, PoolStatus status, WatchState state, int width, int rows)
    {
        state.Chosen = Math.Clamp(state.Chosen, 0, Math.Max(0, status.Workers.Count - 1));
        var first = Math.Max(0, Math.Min(state.Chosen - (rows / 2), status.Workers.Count - rows));
        lines.Add(Paint(Dim, CellText.Fit($"  {"WORKER",-12}{"PID",8} {"STATE",-9}{"FOR",8}{"MEMORY",10}{"ITEMS",9}  ITEM", width)));
        for (var i = first; i < first + rows; i++)
        {
            if (i >= status.Workers.Count)
            {
                lines.Add("");
                continue;
            }

            var worker = status.Workers[i];
            var since = worker.ItemStarted is { } start ? Lasting((pool.GoneSince ?? pool.Now) - start) : "";
            var text = string.Create(Culture, $"{(i == state.Chosen ? '>' : ' ')} {worker.Name,-12}{worker.Pid,8} {worker.State,-9}{since,8}{MemoryOf(worker.Pid),10}{worker.ItemsDone,9:N0}  {worker.CurrentItem}");
            lines.Add(Paint(i == state.Chosen ? Inverse : worker.State == WorkerState.Busy ? "" : Dim, CellText.Fit(text, width)));
        }
    }

    private void AddFailures(List<string> lines, FailedItem[] failures, int width)
    {
        foreach (var failed in failures)
        {
            lines.Add(Paint(Red, CellText.Fit(string.Create(Culture, $"  {failed.Ended.ToLocalTime():HH:mm:ss} item {failed.Index}, '{failed.Input}': {failed.Status}{(failed.Worker is null ? "" : $" on {failed.Worker}")}"), width)));
        }
    }

    private void AddLog(List<string> lines, PoolStatus status, WatchedLog log, WatchState state, int width, int end)
    {
        var worker = state.IsOfWorker && state.Chosen < status.Workers.Count ? status.Workers[state.Chosen] : null;
        lines.Add(Paint(Dim, CellText.Fit($"──── {(status.LogPath is null ? "no log of this pool's session is known" : status.LogPath)}{(worker is null ? "" : $", {worker.Name} alone")} {new string('─', width)}", width)));
        foreach (var entry in log.Last(status, worker, end - lines.Count))
        {
            lines.Add(Line(entry, width));
        }

        while (lines.Count < end)
        {
            lines.Add("");
        }
    }

    private string Line(LogEntry entry, int width)
    {
        var time = entry.Timestamp is { } stamp ? $"{stamp.ToLocalTime():HH:mm:ss} " : "";
        var level = $"{entry.Level?.ToString() ?? "",-11} ";
        var rest = $"{entry.Worker ?? entry.Process ?? "",-10} {entry.Message}";
        var room = Math.Max(0, width - time.Length - level.Length);
        return Paint(Dim, time) + Paint(ColorOf(entry.Level), level) + CellText.Fit(rest, room);
    }

    private static string ColorOf(LogLevel? level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => Red,
        LogLevel.Warning => Yellow,
        LogLevel.Information => Green,
        _ => Dim,
    };

    private string Paint(string color, string text) => hasColors && color.Length > 0 ? $"{color}{text}\e[0m" : text;
}
