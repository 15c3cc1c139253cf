using QueueLog.Bench.Ours;
using QueueLog.Bench.Peers;
using QueueLog.Bench.Processes;
using QueueLog.Bench.Writers;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Bench.Compare;

/// <summary>Who takes part, in the order of the table.</summary>
internal static class Contenders
{
    private const int Writers = 10;
    private const int ManyWriters = 50;

    /// <summary>Times the records of a run for those that would otherwise be done before the clock says anything.</summary>
    private const int Long = 50;

    /// <summary>Times the records of a script loop: the engine compiles a loop while it runs, and loops that log run for long.</summary>
    private const int Sustained = 5;

    /// <summary>The part of the records of a run for those whose processes wait for one another at every record.</summary>
    private const int Brief = 4;

    /// <summary>The same for a cmdlet that takes a millisecond to write a line.</summary>
    private const int Slow = 100;

    private const long Megabyte = 1024 * 1024;

    public static IEnumerable<Contender> All(CompareOptions options)
    {
        var pwsh = Tool.Pwsh;
        var queueMemory = new PoolMemory(pwsh, "queue.ps1", processes: 1, items: 1_000_000, "-What", "Memory");
        var appended = new WriteToVisible(AppendWriter.Kind);
        var logged = new WriteToVisible(QueueLogWriter.Kind);
        var burst = new InfoCall(burst: 1_000);
        var sustained = new InfoCall(InfoCall.WithoutPause);
        return
        [
            new PythonQueueLogging(Writers, options.Records) { IsBase = true },
            new SerilogSharedFile(Writers, options.Records),
            new MutexAppend(pwsh, MutexAppend.AddContent, Writers, Math.Max(1, options.Records / Slow)),
            new MutexAppend(pwsh, MutexAppend.AppendAllText, Writers, Math.Max(1, options.Records / Brief)),
            new AppendedFile(Contest.Log, "O_APPEND write(2) per record, no listener", Writers, options.Records * Long),
            new QueueLogLogger(Contest.Log, "QueueLog logger object", Writers, options.Records * Long),
            new QueueLogCmdlet(Writers, options.Records * Sustained),

            new QueueLogLogger(Contest.ManyWriters, $"QueueLog logger object, {Writers} writers", Writers, options.Records * Sustained) { IsBase = true },
            new QueueLogLogger(Contest.ManyWriters, $"QueueLog logger object, {ManyWriters} writers", ManyWriters, options.Records * Sustained),

            new AppendedFile(Contest.Synced, "O_APPEND write(2) and fdatasync per record", Writers, options.Records) { IsSynced = true, IsBase = true },
            // What a listener without group commit could reach at best: its one process, with the records at hand.
            new AppendedFile(Contest.Synced, "O_APPEND write(2) and fdatasync per record, by one process for all", 1, options.Records) { IsSynced = true },
            // Alone, every record has a sync of its own here too.
            new QueueLogLogger(Contest.Synced, "QueueLog logger object, durable, one writer", 1, options.Records) { IsSynced = true },
            new QueueLogLogger(Contest.Synced, "QueueLog logger object, durable", Writers, options.Records) { IsSynced = true },

            .. Formats(),

            new RolledFile("never", options => options) { IsBase = true },
            new RolledFile("each day", options => options with { RollInterval = RollInterval.Day }),
            new RolledFile("every 1 MB, numbered", options => options with { MaxFileSize = Megabyte }),
            new RolledFile("every 1 MB, dated", options => options with { MaxFileSize = Megabyte, RollInterval = RollInterval.Day, RollNames = RollNames.Date }),

            new QueueLogLogger(Contest.LogRolled, "QueueLog logger object, never", Writers, options.Records * Long) { IsBase = true },
            new QueueLogLogger(Contest.LogRolled, "QueueLog logger object, every 1 MB", Writers, options.Records * Long) { MaxFileSize = Megabyte },

            new TrialFigure(Contest.Visible, "O_APPEND write(2), no listener, median", appended, WriteToVisible.Median) { IsBase = true },
            new TrialFigure(Contest.Visible, "O_APPEND write(2), no listener, 95th percentile", appended, WriteToVisible.Percentile95),
            new TrialFigure(Contest.Visible, "QueueLog logger object, median", logged, WriteToVisible.Median),
            new TrialFigure(Contest.Visible, "QueueLog logger object, 95th percentile", logged, WriteToVisible.Percentile95),

            new IdleListener(Writers),

            new TrialFigure(Contest.InfoCall, "1,000 calls at a time", burst, InfoCall.Nanoseconds),
            new TrialFigure(Contest.InfoCall, "without a pause", sustained, InfoCall.Nanoseconds),
            new TrialFigure(Contest.InfoBytes, "1,000 calls at a time", burst, InfoCall.Bytes),
            new TrialFigure(Contest.InfoBytes, "without a pause", sustained, InfoCall.Bytes),

            new FilteredCall(),

            new EmptyCmdletCall { IsBase = true },
            new QueueLogCall(),

            new PythonPool(Contest.Items, "items", processes: 2, items: 100_000) { IsBase = true },
            new QueueLogPool(Contest.Items, pwsh, "Items", processes: 2, items: 100_000),
            new PwshScript(Contest.Items, "ForEach-Object -Parallel", "parallel.ps1", ["-Threads", "2"], items: 500),
            new PwshScript(Contest.Items, "Start-Job", "startjob.ps1", ["-Processes", "2"], items: 6),

            new PythonPool(Contest.Rows, "rows", processes: 2, items: 60_000) { IsBase = true },
            new PythonPool(Contest.Rows, "rows100", processes: 2, items: 60_000),
            new QueueLogPoolScript(Contest.Rows, pwsh, "objects.ps1", processes: 2, items: 60_000),
            new QueueLogPoolScript(Contest.Rows, pwsh, "objects.ps1", processes: 2, items: 60_000, " -Batch 100", "-Batch", "100"),
            new PwshScript(Contest.Rows, "ForEach-Object -Parallel", "objects-peers.ps1", ["-Threads", "2"], items: 500),
            new PwshScript(Contest.Rows, "Start-ThreadJob", "objects-peers.ps1", ["-ThreadJob"], items: 500),
            new PythonPool(Contest.ManyRows, "rows", processes: 2, items: 500_000) { IsBase = true },
            new PythonPool(Contest.ManyRows, "rows100", processes: 2, items: 500_000),
            new QueueLogPoolScript(Contest.ManyRows, pwsh, "objects.ps1", processes: 2, items: 500_000),
            new QueueLogPoolScript(Contest.ManyRows, pwsh, "objects.ps1", processes: 2, items: 500_000, " -Batch 100", "-Batch", "100"),
            new PwshScript(Contest.RowsOut, "Start-Job, one that emits all", "objects-peers.ps1", ["-StartJob"], items: 30_000) { IsBase = true },
            new QueueLogPoolScript(Contest.RowsOut, pwsh, "objects.ps1", processes: 2, items: 60_000, "", "-OutOnly"),
            new PwshScript(Contest.ManyRowsOut, "Start-Job, one that emits 100,000", "objects-peers.ps1", ["-StartJob"], items: 100_000) { IsBase = true },
            new QueueLogPoolScript(Contest.ManyRowsOut, pwsh, "objects.ps1", processes: 2, items: 500_000, ", 500,000", "-OutOnly"),

            new PwshScript(Contest.Table, "Import-Csv alone", "table.ps1", [], items: 100_000) { IsBase = true },
            new QueueLogPoolScript(Contest.Table, pwsh, "table.ps1", processes: 2, items: 100_000),
            new PwshScript(Contest.Received, "Start-ThreadJob", "receive.ps1", [], items: 200_000) { IsBase = true },
            new QueueLogPoolScript(Contest.Received, pwsh, "receive.ps1", processes: 2, items: 200_000),
            new PwshScript(Contest.Files, "Start-Job, one that emits all", "files.ps1", [], items: 5_000) { IsBase = true },
            new QueueLogPoolScript(Contest.Files, pwsh, "files.ps1", processes: 2, items: 5_000),

            new QueueLogPoolScript(Contest.QueueItems, pwsh, "queue.ps1", processes: 2, items: 300_000, ", here", "-What", "Here") { IsBase = true },
            new QueueLogPoolScript(Contest.QueueItems, pwsh, "queue.ps1", processes: 1, items: 300_000, " -Queue", "-What", "Items"),
            new PythonTaskQueue(Contest.QueueItems, "celery", processes: 2, items: 20_000),
            new PythonTaskQueue(Contest.QueueItems, "celery100", processes: 2, items: 100_000),
            new PythonTaskQueue(Contest.QueueItems, "rq", processes: 2, items: 500),
            new QueueLogPoolScript(Contest.QueueSleep, pwsh, "queue.ps1", processes: 8, items: 1_600, " -Queue", "-What", "Sleep"),
            new QueueLogPoolScript(Contest.LongQueueSleep, pwsh, "queue.ps1", processes: 8, items: 9_600, " -Queue", "-What", "Sleep"),
            new QueueLogPoolScript(Contest.QueueRecords, pwsh, "queue.ps1", processes: 1, items: 3_000_000, " -Queue", "-What", "Records"),

            .. RoundTrips(Contest.RoundTrip, 3_000, pwsh),
            .. RoundTrips(Contest.LongRoundTrip, 10_000, pwsh),

            new PwshScript(Contest.Import, "ThreadJob", "import.ps1", ["-Module", "Microsoft.PowerShell.ThreadJob"], items: 1) { IsBase = true },
            new PwshScript(Contest.Import, "QueueLog, as published", "import.ps1", ["-Module", Path.Combine(Tool.RepositoryFolder, "output", "modules", "QueueLog", "QueueLog.psd1")], items: 1),

            new BareEngines(Contest.Ready, pwsh, Writers) { IsBase = true },
            new QueueLogPool(Contest.Ready, pwsh, "Ready", Writers, items: Writers),
            new PythonPool(Contest.Ready, "ready", Writers, items: Writers),

            new QueueLogPoolScript(Contest.ManyWorkers, pwsh, "many-workers.ps1", processes: 50, items: 20_000, ", 50 workers"),
            new QueueLogPoolScript(Contest.ManyWorkers, pwsh, "many-workers.ps1", processes: 200, items: 20_000, ", 200 workers"),

            .. FirstResult(Contest.FirstResult, pwsh),

            .. Replacement(Contest.Replaced, pwsh),

            new PythonPool(Contest.Strings, "strings", processes: 2, items: 100) { IsBase = true },
            new QueueLogPoolScript(Contest.Strings, pwsh, "strings.ps1", processes: 2, items: 100),

            .. Memory(Contest.Memory, new PoolMemory(pwsh, "pool-memory.ps1", processes: 2, items: 1_000_000)),
            .. Memory(Contest.ObjectsMemory, new PoolMemory(pwsh, "pool-memory.ps1", processes: 2, items: 1_000_000, "-Objects")),
            .. Memory(Contest.QueueMemory, queueMemory, ", the script"),
            .. Memory(Contest.QueueMemory, queueMemory, ", a host", PoolMemory.OfHost),

            .. Search(Contest.Search, LargeLog.Ascii),
            .. Search(Contest.SearchAnyText, LargeLog.AnyText),
            new LogObjects(),
            new PwshScript(Contest.ForeignObjects, "Get-Content | ConvertFrom-Json", "foreign-json.ps1", ["-How", "ConvertFrom-Json"], items: 100_000) { IsBase = true },
            new PwshScript(Contest.ForeignObjects, "jq, four fields of each", "foreign-json.ps1", ["-How", "jq"], items: 1_000_000) { Needs = Tool.Find("jq") },
            new PwshScript(Contest.ForeignObjects, "Get-QueueLog", "foreign-json.ps1", ["-How", "Get-QueueLog"], items: 1_000_000),
            new PwshScript(Contest.ForeignErrors, "grep -E", "foreign-json.ps1", ["-How", "grep"], items: 1_000_000) { Needs = Tool.Find("grep"), IsBase = true },
            new PwshScript(Contest.ForeignErrors, "Get-QueueLog -MinimumLevel Error", "foreign-json.ps1", ["-How", "errors"], items: 1_000_000),
            new LogSince(),
        ];
    }

    private static IEnumerable<Contender> Formats()
    {
        var trials = Enum.GetValues<LogFormat>().Select(format => (Name: format.ToString(), Trial: new FormattedFile(format))).ToArray();
        return
        [
            .. trials.Select(entry => new TrialFigure(Contest.Formatted, entry.Name, entry.Trial, FormattedFile.RecordsPerSecond) { IsBase = entry.Name == nameof(LogFormat.Text) }),
            .. trials.Select(entry => new TrialFigure(Contest.FormattedBytes, entry.Name, entry.Trial, FormattedFile.Bytes)),
        ];
    }

    private static IEnumerable<Contender> Search(Contest contest, LargeLog log) =>
    [
        new GrepSearch(contest, log, LogPatterns.Text, ignoreCase: false) { IsBase = true },
        new LogSearch(contest, log, LogPatterns.Text, ignoreCase: false),
        new GrepSearch(contest, log, LogPatterns.Text, ignoreCase: true),
        new LogSearch(contest, log, LogPatterns.Text, ignoreCase: true),
        new GrepSearch(contest, log, LogPatterns.Choice, ignoreCase: false),
        new LogSearch(contest, log, LogPatterns.Choice, ignoreCase: false),
        new GrepSearch(contest, log, LogPatterns.Classes, ignoreCase: false),
        new LogSearch(contest, log, LogPatterns.Classes, ignoreCase: false),
    ];

    // The runtime compiles what it runs often while the first few thousand are under way; what a warm pool is at comes after.
    private static IEnumerable<Contender> RoundTrips(Contest contest, int items, Tool engine) =>
    [
        new PythonPool(contest, "roundtrip", processes: 2, items) { IsBase = true },
        new QueueLogPool(contest, engine, "RoundTrip", processes: 2, items),
    ];

    private static IEnumerable<Contender> FirstResult(Contest contest, Tool engine) =>
    [
        new BareCommand(contest, engine) { IsBase = true },
        new QueueLogPoolScript(contest, engine, "first-result.ps1", processes: 1, items: 1, ", the session's first"),
        new QueueLogPoolScript(contest, engine, "first-result.ps1", processes: 1, items: 3, ", the session's third"),
    ];

    private static IEnumerable<Contender> Replacement(Contest contest, Tool engine) =>
    [
        new BareCommand(contest, engine) { IsBase = true },
        new QueueLogPoolScript(contest, engine, "replacement.ps1", processes: 1, items: 5),
    ];

    private static IEnumerable<Contender> Memory(Contest contest, PoolMemory memory, string note = "", int of = 0) =>
    [
        new TrialFigure(contest, $"QueueLog pool{note}, after 100,000 items", memory, of + PoolMemory.Settled),
        new TrialFigure(contest, $"QueueLog pool{note}, highest above that", memory, of + PoolMemory.Highest),
        new TrialFigure(contest, $"QueueLog pool{note}, last above that", memory, of + PoolMemory.Last),
    ];
}
