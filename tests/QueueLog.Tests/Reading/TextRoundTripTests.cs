using System.Diagnostics;
using System.Text;
using CsCheck;
using QueueLog.Formatting;
using QueueLog.Reading;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

/// <summary>However an entry in Text begins, it is read back as one entry, with the message that was written.</summary>
public sealed class TextRoundTripTests
{
    // What entries, headings, further lines and marks begin with.
    private static readonly string[] Pieces =
    [
        "", "", " ", "   ", "    ", "        ", "              ", "\n", "\n", "\r\n", "\u2028", "\t", "\\", "\\\\", "# QueueLog: json", " # QueueLog:", "x", "hello world", "12", "345 x", "   Warning x",
        "       Information x", "2026-03-04 15:06:07,123 Worker-1   Information x", "{\"@t\":", "at Foo", "ä",
        "[QueueLog] ", "\\[QueueLog] ", "[Queue", "Log] ",
    ];

    private static readonly Gen<string> Message = Gen.Int[0, Pieces.Length - 1].Array[0, 6].Select(indexes => string.Concat(indexes.Select(index => Pieces[index])));

    [Theory]
    [InlineData(TemplateFormatter.DefaultTemplate)]
    [InlineData("{Message}")]
    [InlineData(" {Message}")]
    [InlineData("    {Message}")]
    [InlineData("\\{Message}")]
    [InlineData("{Worker}{Message}")]
    [InlineData("{Worker} {Message}")]
    [InlineData("{Worker,-10} {Message}")]
    [InlineData("{Worker,10} {Message}")]
    [InlineData("{Missing} {Message}")]
    [InlineData("{Level,11} {Message}")]
    [InlineData("      {Level,11}: {Message}")]
    [InlineData("{Pid,10} {Message}")]
    [InlineData("{Pid,10:X4} {Message}")]
    [InlineData("{Sequence,5}|{Message}")]
    [InlineData("{NewLine}{Message}")]
    [InlineData("{Level,11}{NewLine}{Message}")]
    [InlineData("{Timestamp:    HH:mm:ss} {Message}")]
    [InlineData("{Timestamp,20:HH:mm:ss} {Message}")]
    [InlineData("{Timestamp,40:yyyy g} {Message}")]
    public void Every_message_is_read_back_from_an_entry_of_its_own(string template)
    {
        Gen.Select(Message, Gen.Bool, Gen.Bool).Array[1, 6].Sample(
            records =>
            {
                var formatter = RecordFormat.Create(LogFormat.Text, template);
                var samples = records.Select(record => new SampleRecord
                {
                    Message = record.Item1,
                    Exception = record.Item2 ? new ExceptionInfo("System.IO.IOException", "disk\nfull", "at X\n  at Y") : null,
                    Category = record.Item3 ? ListenerEntry.Category : "App",
                });
                var file = Encoding.UTF8.GetString(formatter.Lines!.Header) + string.Concat(samples.Select(formatter.Format));
                Assert.Equal(records.Select(record => (Kept(record.Item1), record.Item2 ? "disk\nfull, at X\n  at Y" : "", record.Item3)), Read(file));
            },
            iter: 1_000,
            threads: 1);
    }

    [Theory]
    [InlineData("{Properties} {Message}")]
    [InlineData("{Category}{Message}")]
    [InlineData("{Process} {Message}")]
    [InlineData("{Process} {Properties}{Message,60}|")]
    [InlineData("{Message,-60}|{Message}")]
    public void The_listeners_own_entry_is_known_whatever_stands_before_its_message(string template)
    {
        var formatter = RecordFormat.Create(LogFormat.Text, template);
        var record = new SampleRecord { Message = "3 records of a b (pid 7) are missing", Process = "of a [QueueLog] b", Category = ListenerEntry.Category }.With("Client", "a b").With("Count", 3L);
        var text = formatter.Format(record);
        Assert.DoesNotContain('\0', text);
        Assert.Equal(("3 records of a b (pid 7) are missing", "", true), Assert.Single(Read(Encoding.UTF8.GetString(formatter.Lines!.Header) + text)));
    }

    [Fact]
    public void A_record_of_nothing_but_marks_takes_time_by_its_length()
    {
        var formatter = RecordFormat.Create(LogFormat.Text, "{Message}");
        var message = string.Concat(Enumerable.Repeat(@"\\\[QueueLog] ", 400_000));
        var since = Stopwatch.GetTimestamp();
        var text = formatter.Format(new SampleRecord { Message = message });
        Assert.Equal((message, "", false), Assert.Single(Read(Encoding.UTF8.GetString(formatter.Lines!.Header) + text)));
        Assert.True(Stopwatch.GetElapsedTime(since) < TestTimeout.Limit);
    }

    [Theory]
    [InlineData(TemplateFormatter.DefaultTemplate)]
    [InlineData("{Process}{Message}")]
    [InlineData("{Process} {Category}: {Message}")]
    [InlineData("{Category} {Message} {Process}")]
    [InlineData("{Message}{Category}")]
    [InlineData("{Message,-30}\\{Message}")]
    [InlineData("{Category,12} [QueueLog] {Message}")]
    public void Whatever_a_client_s_record_is_made_of_it_is_not_taken_for_the_listeners(string template)
    {
        Gen.Select(Message, Message, Message).Sample(
            texts =>
            {
                var formatter = RecordFormat.Create(LogFormat.Text, template);
                var record = new SampleRecord { Message = texts.Item1, Process = texts.Item2, Category = texts.Item3 };
                Assert.All(Read(Encoding.UTF8.GetString(formatter.Lines!.Header) + formatter.Format(record)), entry => Assert.False(entry.IsListeners));
            },
            iter: 1_000,
            threads: 1);
    }

    // By an entry that would begin as a further line, files of earlier versions say the same as they did.
    [Theory]
    [InlineData("{Level,11} {Message}", "    Warning a\n    b\n      c\nInformation d\n    System.IO.IOException: no\n        at X\n", "a\nb\n  c, |d, no at X")]
    [InlineData("{Worker,-10} {Message}", "Worker-1   a\n    b\n        c\nWorker-2   d\n", "a\nb\n    c, |d, ")]
    [InlineData("{Message}", "a\n    b\n\nc\n # QueueLog: d\n\\server\n", "a\nb\n, |c, |# QueueLog: d, |\\server, ")]
    public void What_earlier_versions_wrote_is_read_as_before(string template, string entries, string expected) =>
        Assert.Equal(expected, string.Join('|', Read($"# QueueLog: text {template}\n{entries}").Select(entry => $"{entry.Message}, {entry.Exception.Replace(", ", " ", StringComparison.Ordinal)}")));

    private static string Kept(string message) => message.ReplaceLineEndings("\n").TrimEnd('\n');

    private static List<(string Message, string Exception, bool IsListeners)> Read(string file)
    {
        var builder = new EntryBuilder(new TextCache());
        var entries = new List<(string, string, bool)>();
        using var reader = new EntryReader(new MemorySource(Encoding.UTF8.GetBytes(file)), new FormatFinder(null, LogFixture.Zone, new DateTime(2026, 12, 31)));
        while (reader.Read(EndOfData.Final, out var view))
        {
            var entry = builder.Build(in view, "text", "run.log");
            entries.Add((entry.Message, entry.Exception is { } exception ? $"{exception.Message}, {exception.StackTrace}" : "", view.Has(EntryFields.ListenerMark)));
        }

        return entries;
    }
}
