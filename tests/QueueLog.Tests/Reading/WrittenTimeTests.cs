using System.Text;
using QueueLog.Reading;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

/// <summary>Times that say less than a moment: the rest is that of the file's last write, or what was before it.</summary>
public sealed class WrittenTimeTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Log => folder.Combine("run.log");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{Timestamp:MMM d HH:mm:ss} {Message}", "Mar  4 15:06:07 m", "2026-03-04T15:06:07")]
    [InlineData("{Timestamp:MMM dd HH:mm:ss} {Message}", "Dec 31 15:06:07 m", "2025-12-31T15:06:07")]
    [InlineData("{Timestamp:MM-dd HH:mm:ss} {Message}", "02-29 15:06:07 m", "2024-02-29T15:06:07")]
    [InlineData("{Timestamp:dd HH:mm:ss} {Message}", "04 15:06:07 m", "2026-03-04T15:06:07")]
    [InlineData("{Timestamp:dd HH:mm:ss} {Message}", "28 15:06:07 m", "2026-02-28T15:06:07")]
    [InlineData("{Timestamp:dd HH:mm:ss} {Message}", "31 15:06:07 m", "2026-01-31T15:06:07")]
    [InlineData("{Timestamp:HH:mm:ss} {Message}", "11:59:00 m", "2026-03-05T11:59:00")]
    [InlineData("{Timestamp:HH:mm:ss} {Message}", "12:01:00 m", "2026-03-04T12:01:00")]
    [InlineData("{Timestamp:yyyy-MM-dd} {Timestamp:HH:mm:ss} {Message}", "2026-03-04 15:06:07 m", "2026-03-04T15:06:07")]
    [InlineData("{Timestamp:HH:mm:ss} [{Level}] {Timestamp:dd.MM.yyyy} {Message}", "15:06:07 [Error] 04.03.2026 m", "2026-03-04T15:06:07")]
    [InlineData("{Timestamp:MMM d} | {Timestamp:HH:mm:ss} | {Message}", "Dec 31 | 15:06:07 | m", "2025-12-31T15:06:07")]
    public void What_a_time_does_not_say_is_that_of_the_files_last_write(string template, string line, string expected)
    {
        File.WriteAllText(Log, line + "\n");
        File.SetLastWriteTimeUtc(Log, new DateTime(2026, 3, 5, 10, 0, 0, DateTimeKind.Utc));
        var entry = Assert.Single(LogFixture.Read(Log, new LogQuery { Template = template }));
        Assert.Equal("m", entry.Message);
        Assert.Equal(DateTime.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), entry.Timestamp!.Value.DateTime);
        var since = new EntryFilter { Since = entry.Timestamp.Value.UtcTicks };
        Assert.Single(LogFixture.Read(Log, new LogQuery { Template = template, Filter = since }));
        Assert.Empty(LogFixture.Read(Log, new LogQuery { Template = template, Filter = since with { Since = since.Since + 1 } }));
    }

    [Theory]
    [InlineData("{Timestamp:HH:mm:ss} {Level,-11} {Message}", "11:00:00 WARN        m", LogLevel.Warning)]
    [InlineData("{Timestamp:HH:mm:ss} [{Level}] {Message}", "11:00:00 [fatal] m", LogLevel.Critical)]
    [InlineData("{Level:u3}|{Message}", "notice|m", LogLevel.Information)]
    [InlineData("{Level} {Message}", "30 m", LogLevel.Warning)]
    [InlineData("{Process} {Level} {Message}", "app E m", LogLevel.Error)]
    public void A_template_reads_the_levels_of_other_programs(string template, string line, LogLevel level)
    {
        File.WriteAllText(Log, line + "\n");
        var entry = Assert.Single(LogFixture.Read(Log, new LogQuery { Template = template }));
        Assert.Equal(("m", level), (entry.Message, entry.Level));
    }

    [Fact]
    public void A_level_of_ours_is_preferred_to_a_word_that_another_program_has_for_one()
    {
        File.WriteAllText(Log, "my info app Warning hello\n");
        var entry = Assert.Single(LogFixture.Read(Log, new LogQuery { Template = "{Process} {Level} {Message}" }));
        Assert.Equal(("my info app", LogLevel.Warning, "hello"), (entry.Process, entry.Level, entry.Message));
    }
}
