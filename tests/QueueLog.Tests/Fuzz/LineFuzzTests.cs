using System.Text;
using System.Text.Json;
using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Listener.JsonLines;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Fuzz;

public sealed class LineFuzzTests
{
    private static readonly TemplateFormatter Formatter = new(
        "{Timestamp:o} {Process,-10} {Pid} {Worker} {Item} {Attempt} {Category} {Caller} {Sequence} {Level} {Message} {Template} {Properties} {Exception}");

    private static readonly byte[][] Good = [.. new[]
    {
        """{"level":"Warning","message":"item 3 of gr\u00f6\u00dfe","timestamp":"2026-11-25T14:03:05.1234567+01:00","category":"Db","process":"p","pid":7}""",
        """{"template":"item {Item,5} of {Size:N2}","arguments":[3,"x"],"worker":"w","item":3,"attempt":2,"caller":"a:1","time":1764075785.5}""",
        """{"msg":"a","exception":{"type":"E","message":"m","stackTrace":"at x\nat y","code":[1,{"b":2}]},"properties":{"n":null,"t":true,"d":1.5e3}}""",
        """{"@t":"2026-11-25 14:03:05,5","@mt":"{A}","@l":"Fatal","@x":"E: m\n at x","ExceptionType":"E","ExceptionMessage":"m","_Item":"NaN","@@a":1}""",
        """{"exception":"Traceback (most recent call last):\n  x\nValueError: bad\ud83d\ude00","level":30,"":{"a":[[[]]]}}""",
        """{"flush":12}""",
    }.Select(Encoding.UTF8.GetBytes)];

    [Fact]
    public void A_line_is_refused_or_becomes_a_record_that_can_be_formatted()
    {
        var reader = new JsonLineReader();
        var record = new LineRecord();
        var batch = new ByteWriter(64 * 1024);
        var output = new ByteWriter(1024 * 1024);
        Fuzzer.Run(
            60_000,
            random => Fuzzer.Mutate(random, Good),
            line =>
            {
                try
                {
                    reader.Read(line, record);
                }
                catch (JsonException)
                {
                    return;
                }

                batch.Clear();
                record.WriteTo(batch, Encoded.Sender, 1, LocalClock.Default);
                ReadOnlySpan<byte> rest = batch.Written;
                try
                {
                    Assert.True(RecordCodec.TryRead(ref rest, Encoded.Sender, out var view));
                    Assert.True(rest.IsEmpty);
                    output.Clear();
                    Formatter.Format(in view, output);
                }
                catch (ProtocolException e)
                {
                    throw new InvalidOperationException("A line became what is no record.", e);
                }
            });
    }

    [Fact]
    public void The_lines_that_are_changed_are_all_good() => Assert.All(Good, line => Assert.NotEmpty(DecodedLine.Show(line)));
}
