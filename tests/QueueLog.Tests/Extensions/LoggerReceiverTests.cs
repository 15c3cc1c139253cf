using System.Runtime.Loader;
using Microsoft.Extensions.Logging;
using QueueLog.Extensions.Logging;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Sinks;
using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Tests.Support;
using Level = QueueLog.Records.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace QueueLog.Tests.Extensions;

public sealed class LoggerReceiverTests
{
    private static readonly LogRecord Whole = new()
    {
        Timestamp = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
        Level = Level.Warning,
        Message = "item 5 of 9",
        Template = "item {Item} of {Total}",
        Category = "Db.Import",
        Process = "Worker-1",
        Pid = 4711,
        Worker = "Worker-1",
        Item = 12,
        Attempt = 2,
        Caller = "job.ps1:7",
        Sequence = 33,
        Properties = new LogProperties([new("Item", 5L), new("Total", 9L), new("EventId", 17L), new("EventName", "Late")]),
        Exception = new ExceptionInfo("System.IO.IOException", "disk full", "at Save, job.ps1: line 7"),
    };

    [Fact]
    public void A_record_goes_to_the_logger_of_its_category_with_all_it_says()
    {
        var loggers = new CollectingLoggers();
        LoggerReceiver.Create(loggers).Receive([Whole]);
        var entry = Assert.Single(loggers.Entries);
        Assert.Equal(("Db.Import", LogLevel.Warning, "item 5 of 9"), (entry.Category, entry.Level, entry.Message));
        Assert.Equal((17, "Late"), (entry.Event.Id, entry.Event.Name));
        Assert.Equal(
            [
                new("Item", 5L), new("Total", 9L), new("Timestamp", Whole.Timestamp), new("Process", "Worker-1"), new("Pid", 4711),
                new("Worker", "Worker-1"), new("_Item", 12L), new("Attempt", 2), new("Caller", "job.ps1:7"), new("Sequence", 33L), new("{OriginalFormat}", "item {Item} of {Total}"),
            ],
            entry.State);
        var exception = Assert.IsType<RecordedException>(entry.Exception);
        Assert.Equal(("System.IO.IOException", "disk full", "at Save, job.ps1: line 7"), (exception.OriginalType, exception.Message, exception.StackTrace));
        Assert.Equal("System.IO.IOException: disk full\nat Save, job.ps1: line 7", exception.ToString());
    }

    [Fact]
    public void A_plain_record_is_its_own_template_and_has_nothing_it_does_not_know()
    {
        var loggers = new CollectingLoggers();
        LoggerReceiver.Create(loggers).Receive([new LogRecord { Message = "100 {%} done" }]);
        var entry = Assert.Single(loggers.Entries);
        Assert.Equal(("QueueLog", LogLevel.Information, "100 {%} done"), (entry.Category, entry.Level, entry.Message));
        Assert.Equal([new("{OriginalFormat}", "100 {{%}} done")], entry.State);
        Assert.Equal(0, entry.Event.Id);
        Assert.Null(entry.Exception);
    }

    [Fact]
    public void One_logger_gets_every_record_with_its_category_as_a_value()
    {
        var loggers = new CollectingLoggers();
        LoggerReceiver.Create(loggers.CreateLogger("single")).Receive([Whole, new LogRecord { Message = "plain" }]);
        Assert.Equal(["single", "single"], loggers.Entries.Select(entry => entry.Category));
        Assert.Contains(new KeyValuePair<string, object?>("Category", "Db.Import"), loggers.Entries[0].State);
    }

    [Fact]
    public void A_level_the_logger_does_not_want_is_not_forwarded()
    {
        var loggers = new CollectingLoggers { MinimumLevel = LogLevel.Error };
        LoggerReceiver.Create(loggers).Receive([Whole, new LogRecord { Level = Level.Critical, Message = "taken" }]);
        Assert.Equal(["taken"], loggers.Entries.Select(entry => entry.Message));
    }

    [Fact]
    public void A_record_the_logger_refuses_keeps_back_no_other_and_is_told()
    {
        var loggers = new CollectingLoggers { Refused = "two" };
        var records = new[] { "one", "two", "three" }.Select(text => new LogRecord { Message = text }).ToArray();
        Assert.Equal("refused", Assert.Throws<InvalidOperationException>(() => LoggerReceiver.Create(loggers).Receive(records)).Message);
        Assert.Equal(["one", "three"], loggers.Entries.Select(entry => entry.Message));
    }

    [Fact]
    public void An_event_id_that_is_none_stays_a_value()
    {
        var loggers = new CollectingLoggers();
        LoggerReceiver.Create(loggers).Receive([new LogRecord { Message = "m", Properties = new LogProperties([new("EventId", "E-5"), new("EventName", 3L)]) }]);
        var entry = Assert.Single(loggers.Entries);
        Assert.Equal(0, entry.Event.Id);
        Assert.Equal([new("EventId", "E-5"), new("EventName", 3L)], entry.State.Take(2));
    }

    [Fact]
    public void What_is_no_logger_is_refused()
    {
        Assert.Contains("System.String is neither an ILoggerFactory nor an ILogger", Assert.Throws<ArgumentException>(() => LoggerReceiver.Create("text")).Message, StringComparison.Ordinal);
        Assert.Null(LoggerBridge.TryCreate("text", Staged));
    }

    [Fact]
    public void The_module_forwards_to_a_logger_by_the_assembly_staged_with_it()
    {
        var loggers = new CollectingLoggers();
        var receiver = LoggerBridge.TryCreate(loggers, Staged)!;
        receiver.Receive([Whole]);
        Assert.Equal("item 5 of 9", Assert.Single(loggers.Entries).Message);
        Assert.NotSame(typeof(LoggerReceiver), receiver.GetType());
    }

    [Fact]
    public void Each_copy_of_the_library_in_a_process_gets_a_receiver_of_its_own()
    {
        // As a module that brought its own copy of the library would load it.
        var other = new AssemblyLoadContext("another module").LoadFromAssemblyPath(Path.Combine(Staged, "Microsoft.Extensions.Logging.Abstractions.dll"));
        var factory = other.GetType("Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory", throwOnError: true)!.GetField("Instance")!.GetValue(null)!;
        Assert.IsNotType<ILoggerFactory>(factory, exactMatch: false);
        var receiver = LoggerBridge.TryCreate(factory, Staged);
        Assert.IsType<IRecordReceiver>(receiver, exactMatch: false);
        receiver.Receive([Whole]);
        Assert.NotSame(receiver.GetType(), LoggerBridge.TryCreate(new CollectingLoggers(), Staged)!.GetType());
    }

    private static string Staged => Path.Combine(Repository.Root, "output", "modules", "QueueLog", "bin", "Logging");
}
