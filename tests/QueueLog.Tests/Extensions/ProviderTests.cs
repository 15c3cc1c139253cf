using System.Collections;
using System.Collections.Specialized;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using QueueLog.Extensions.Logging;
using QueueLog.Records;
using QueueLog.Tests.Support;
using Level = QueueLog.Records.LogLevel;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace QueueLog.Tests.Extensions;

public sealed class ProviderTests
{
    private static readonly Action<ILogger, int, string, Exception?> Defined =
        LoggerMessage.Define<int, string>(LogLevel.Warning, new EventId(17, "Late"), "order {Order} of {Customer} is late");

    [Fact]
    public async Task A_record_has_the_message_its_template_and_the_values_with_their_types()
    {
        var moment = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));
        var record = await LoggingStage.RecordOfAsync(logger => logger.LogWarning(
            "{Text} {Int:000} {Long} {Double} {Bool} {Moment:yyyy} {Null} {Guid}", "π", 7, 1L << 40, 0.5, true, moment, null, Guid.Empty));
        Assert.Equal(Level.Warning, record.Level);
        Assert.Equal("Shop.Orders", record.Category);
        Assert.Equal("π 007 1099511627776 0.5 True 2026 (null) 00000000-0000-0000-0000-000000000000", record.Message);
        Assert.Equal("{Text} {Int:000} {Long} {Double} {Bool} {Moment:yyyy} {Null} {Guid}", record.Template);
        Assert.Equal(
            [
                new LogProperty("Text", "π"), new("Int", 7L), new("Long", 1L << 40), new("Double", 0.5), new("Bool", true), new("Moment", moment),
                new("Null", null), new("Guid", "00000000-0000-0000-0000-000000000000"),
            ],
            record.Properties);
    }

    [Fact]
    public async Task A_message_without_holes_has_no_template_and_its_braces_are_text()
    {
        var plain = await LoggingStage.RecordOfAsync(logger => logger.LogInformation("100 {{%}} done"));
        Assert.Equal(("100 {{%}} done", null, 0), (plain.Message, plain.Template, plain.Properties.Count));
        var foreign = await LoggingStage.RecordOfAsync(logger =>
        {
            using (logger.BeginScope(new Dictionary<string, object> { ["Order"] = 5 }))
            {
                logger.Log(LogLevel.Information, default, "text {Order}", null, (state, _) => state);
            }
        });
        Assert.Equal(("text {Order}", null, 5L), (foreign.Message, foreign.Template, foreign.Properties["Order"]));
    }

    [Fact]
    public async Task Two_providers_of_a_program_have_names_of_their_own()
    {
        using var folder = new TempFolder();
        var sink = new RecordSink();
        await using var listener = TestListener.Start(folder.Combine("run.log"), options => options, sink);
        using (var first = new QueueLogLoggerProvider(new QueueLogLoggerOptions { Listener = listener.Address, ProcessName = "first" }))
        using (var second = new QueueLogLoggerProvider(new QueueLogLoggerOptions { Listener = listener.Address, ProcessName = "second" }))
        {
            first.CreateLogger("A").LogInformation("a");
            second.CreateLogger("A").LogInformation("b {X}", 1);
            first.CreateLogger("A").LogInformation("c");
        }

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["first a", "second b 1", "first c"], sink.Records.Select(record => $"{record.Process} {record.Message}"));
        Assert.All(sink.Records, record => Assert.Equal(Environment.ProcessId, record.Pid));
    }

    [Fact]
    public async Task A_reload_of_the_configuration_reaches_the_options()
    {
        using var folder = new TempFolder();
        var sink = new RecordSink();
        await using var listener = TestListener.Start(folder.Combine("run.log"), options => options, sink);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["QueueLog:Listener"] = listener.Address,
            ["QueueLog:ProcessName"] = "before",
        }).Build();
        using (var factory = LoggerFactory.Create(logging => logging.AddConfiguration(configuration).AddQueueLog()))
        {
            var logger = factory.CreateLogger("A");
            using (logger.BeginScope(new Dictionary<string, object> { ["Order"] = 5 }))
            {
                logger.LogInformation("a");
                configuration["QueueLog:ProcessName"] = "after";
                configuration["QueueLog:IncludeScopes"] = "false";
                configuration.Reload();
                logger.LogInformation("b");
            }
        }

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["before a 1", "after b 0"], sink.Records.Select(record => $"{record.Process} {record.Message} {record.Properties.Count}"));
    }

    [Fact]
    public async Task A_value_is_kept_as_its_hole_says()
    {
        var record = await LoggingStage.RecordOfAsync(logger => logger.LogInformation("{@Point} {List} {$Text}", new { X = 1, Password = "s3cret" }, new[] { 1, 2 }, new[] { 3 }));

        Assert.Equal(["X=1", "Password=***"], Assert.IsType<OrderedDictionary>(record.Properties["Point"]).Cast<DictionaryEntry>().Select(entry => $"{entry.Key}={entry.Value}"));
        Assert.Equal([1L, 2L], Assert.IsType<object?[]>(record.Properties["List"]));
        Assert.Equal("[3]", record.Properties["Text"]);
    }

    [Fact]
    public async Task A_record_has_the_ids_of_the_trace_it_is_part_of()
    {
        using var activity = new Activity("work").SetIdFormat(ActivityIdFormat.W3C).Start();
        var record = await LoggingStage.RecordOfAsync(logger => logger.LogInformation("x"));

        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()), (record.Properties["TraceId"], record.Properties["SpanId"]));
    }

    [Fact]
    public async Task Each_level_is_the_one_of_its_name_and_None_is_nothing()
    {
        await using var stage = new LoggingStage();
        foreach (var level in Enum.GetValues<LogLevel>())
        {
            Assert.Equal(level != LogLevel.None, stage.Logger.IsEnabled(level));
            stage.Logger.Log(level, "{Level}", level);
        }

        var records = await stage.CompleteAsync();
        Assert.Equal(Enum.GetNames<Level>(), records.Select(record => record.Message));
        Assert.All(records, record => Assert.Equal(record.Message, record.Level.ToString()));
    }

    [Fact]
    public async Task An_event_is_in_the_properties_unless_its_id_is_0()
    {
        var named = await LoggingStage.RecordOfAsync(logger => Defined(logger, 5, "Ann", null));
        Assert.Equal("order 5 of Ann is late", named.Message);
        Assert.Equal([new LogProperty("Order", 5L), new("Customer", "Ann"), new("EventId", 17L), new("EventName", "Late")], named.Properties);
        var unnamed = await LoggingStage.RecordOfAsync(logger => logger.LogInformation(new EventId(0), "no event"));
        Assert.Empty(unnamed.Properties);
    }

    [Fact]
    public async Task A_value_of_the_message_is_not_taken_for_the_event()
    {
        var record = await LoggingStage.RecordOfAsync(logger => logger.LogInformation(new EventId(17), "{EventId}", "my own"));
        Assert.Equal([new LogProperty("EventId", "my own")], record.Properties);
    }

    [Fact]
    public async Task The_hints_of_templates_are_no_part_of_a_name()
    {
        var record = await LoggingStage.RecordOfAsync(logger => logger.LogInformation("{@Order} of {$Customer}", 5, "Ann"));
        Assert.Equal([new LogProperty("Order", 5L), new("Customer", "Ann")], record.Properties);
    }

    [Fact]
    public async Task An_exception_is_kept_with_its_stack_and_what_caused_it()
    {
        var record = await LoggingStage.RecordOfAsync(logger =>
        {
            try
            {
                Fail();
            }
            catch (InvalidOperationException e)
            {
                logger.LogError(e, "could not");
            }
        });
        Assert.Equal("could not", record.Message);
        Assert.Equal("System.InvalidOperationException", record.Exception!.Type);
        Assert.Equal("outer", record.Exception.Message);
        Assert.Contains(nameof(Fail), record.Exception.StackTrace, StringComparison.Ordinal);
        Assert.Contains("---> System.IO.IOException: inner", record.Exception.StackTrace, StringComparison.Ordinal);

        static void Fail() => throw new InvalidOperationException("outer", new IOException("inner"));
    }

    [Fact]
    public async Task What_the_listener_does_not_take_is_not_even_made()
    {
        await using var stage = new LoggingStage();
        stage.Logger.LogWarning("connected");
        await stage.ChangeLevelAsync(Level.Warning);
        var made = 0;
        stage.Logger.Log(LogLevel.Information, default, 0, null, (_, _) => $"{++made}");
        stage.Logger.LogWarning("taken");
        Assert.Equal(["connected", "taken"], (await stage.CompleteAsync()).Select(record => record.Message));
        Assert.Equal(0, made);
    }

    [Fact]
    public async Task A_level_that_changes_while_the_program_runs_holds_at_once()
    {
        await using var stage = new LoggingStage();
        Assert.True(stage.Logger.IsEnabled(LogLevel.Trace));
        foreach (var level in new[] { LogLevel.Error, LogLevel.Debug, LogLevel.Critical })
        {
            await stage.ChangeLevelAsync((Level)level);
            Assert.True(stage.Logger.IsEnabled(level));
            Assert.False(stage.Logger.IsEnabled(level - 1));
        }
    }

    [Fact]
    public async Task A_call_never_throws_and_its_record_says_what_could_not_be_read()
    {
        await using var stage = new LoggingStage();
#pragma warning disable CA2017 // a program that logs too few values is what is tried here
        stage.Logger.LogInformation("{A} {B}", 1);
#pragma warning restore CA2017
        stage.Logger.LogInformation(new HostileException(), "with a hostile exception");
        stage.Logger.Log(LogLevel.Information, default, HostileValues(), null, (_, _) => "with hostile values");
        stage.Logger.Log(LogLevel.Information, default, 0, null, null!);
        var records = await stage.CompleteAsync();
        Assert.Equal(
            [
                "(the message could not be formatted: FormatException)",
                "with a hostile exception",
                "with hostile values",
                "(the message could not be formatted: NullReferenceException)",
            ],
            records.Select(record => record.Message));
        Assert.Equal("{A} {B}", records[0].Template);
        Assert.Equal("(it has no message: NotSupportedException)", records[1].Exception!.Message);
        Assert.Equal(1L, records[2].Properties["Good"]);
        Assert.StartsWith("NotSupportedException", (string?)records[2].Properties["PropertyFault"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_whose_text_logs_itself_harms_neither_record()
    {
        await using var stage = new LoggingStage();
        stage.Logger.Log(LogLevel.Information, new EventId(3), new[] { KeyValuePair.Create<string, object?>("Value", new LoggingValue(stage.Logger)) }, null, (_, _) => "outer");
        var records = await stage.CompleteAsync();
        Assert.Equal(["inner 5", "outer"], records.Select(record => record.Message));
        Assert.Equal([new LogProperty("Number", 5L)], records[0].Properties);
        Assert.Equal([new LogProperty("Value", "a value"), new("EventId", 3L)], records[1].Properties);
    }

    private static IEnumerable<KeyValuePair<string, object?>> HostileValues()
    {
        yield return new("Good", 1);
        throw new NotSupportedException();
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new NotSupportedException();
    }

    private sealed class LoggingValue(ILogger logger)
    {
        public override string ToString()
        {
            logger.LogInformation("inner {Number}", 5);
            return "a value";
        }
    }
}
