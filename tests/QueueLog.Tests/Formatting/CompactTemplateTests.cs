using System.Numerics;
using System.Text;
using System.Text.Json;
using CsCheck;
using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Tests.Reading;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Formatting;

/// <summary>Readers of CLEF make a record's message of its template and the properties beside it.</summary>
public sealed class CompactTemplateTests
{
    private static readonly string[] Pieces =
    [
        "item {Item} ", "{Process}", "{Pid,6}", "{A}", "{A,-8}", "{A:000}", "{A:n1}", "{A,12:0.00}", "{A:l}", "{A:x}", "{a}", "{B}", "{@C}", "{$C}", "{_Item}", "{D:yyyy-MM-dd HH:mm}", "{D:O}",
        "{{", "}}", "{", "}", "{}", "{ A }", "{A b}", "{user.id}", "{Größe}", "{A:}", "{A,0}", "{A,x}", "{0}", "{1}", "{0:000}", "text ", "\"quoted\" \\ \n", "é😀", "{MessageTemplate}", "{SourceContext}", "{TraceId}",
    ];

    private static readonly string[] Names = ["A", "a", "B", "Item", "_Item", "Process", "0", "MessageTemplate", "Größe", ""];

    private static readonly object?[] Values =
    [
        null, 3, -3L, 9.5, 1.0, -0.0, 1e300, double.NaN, double.PositiveInfinity, 0.1f, 9.5m, 9.50m, 10m, ulong.MaxValue, Int128.MaxValue, BigInteger.Parse("123456789012345678901234567890"), "text", "0af7651916cd43dd8448eb211c80319c", "", "\"", "a, b",
        "2026-11-25T14:03:05.1234567+01:00", "NaN", true, false, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), new DateTime(2026, 1, 2),
        new DateOnly(2026, 1, 2), TimeSpan.FromMinutes(1), Guid.Empty, DayOfWeek.Friday, 'c', new[] { 1, 2 }, new Dictionary<string, object?> { ["X"] = 1, ["Y"] = "a" }, new Version(1, 2),
    ];

    private static readonly Gen<string> Template = Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]).Array[0, 4].Select(string.Concat);
    private static readonly Gen<object?[]> Arguments = Gen.Int[0, Values.Length - 1].Select(index => Values[index]).Array[0, 4];

    private static readonly Gen<LogProperty[]?> Properties = Gen.OneOf(
        Gen.Const((LogProperty[]?)null),
        Gen.Select(Gen.Int[0, Names.Length - 1].Select(index => Names[index]), Gen.Int[0, Values.Length - 1].Select(index => Values[index]), (name, value) => new LogProperty(name, value))
            .Array[0, 3].Select(all => (LogProperty[]?)all));

    [Theory]
    [InlineData("killed {Process} with pid {Pid}", new object[] { "notepad", 99 }, "killed {_Process:l} with pid {_Pid}", null)]
    [InlineData("item {Item}", new object[] { 3 }, "item {_Item}", null)]
    [InlineData("{A:000} of {B}", new object[] { 3, "x" }, "{A:000} of {B:l}", "[\"003\",\"x\"]")]
    [InlineData("is {A}", new object[] { true }, "is {A:l}", "[\"true\"]")]
    [InlineData("{A,-4}|", new object[] { "x" }, "{A,-4:l}|", null)]
    [InlineData("{1} before {0}", new object[] { "a", "b" }, "{1:l} before {0:l}", null)]
    [InlineData("{{A}} {A}", new object[] { 1.5 }, "{{A}} {A}", null)]
    public void A_template_names_its_holes_as_their_properties_are_written(string template, object[] arguments, string written, string? renderings)
    {
        using var json = JsonDocument.Parse(Line(template, arguments, null));

        Assert.Equal(written, json.RootElement.GetProperty("@mt").GetString());
        Assert.Equal(renderings, json.RootElement.TryGetProperty("@r", out var texts) ? texts.GetRawText() : null);
    }

    [Theory]
    [InlineData("took {A}", new object?[] { null })]
    [InlineData("{user.id} came", new object?[] { 3 })]
    [InlineData("{A:l}", new object?[] { "x" })]
    [InlineData("{ {A}", new object?[] { 3 })]
    public void A_template_that_readers_would_make_another_message_of_stands_elsewhere(string template, object?[] arguments)
    {
        using var json = JsonDocument.Parse(Line(template, arguments, null));

        Assert.False(json.RootElement.TryGetProperty("@mt", out _));
        Assert.Equal(template, json.RootElement.GetProperty("MessageTemplate").GetString());
    }

    [Fact]
    public void The_template_rendered_with_the_properties_beside_it_is_the_message() =>
        Gen.Select(Template, Arguments, Properties).Sample(
            (template, arguments, properties) => AssertRendered(Line(template, arguments, properties)),
            iter: 20_000,
            threads: 1);

    [Fact]
    public void That_holds_for_records_that_nobody_should_send() =>
        SomeRecord.Any.Sample(record => AssertRendered(new JsonFormatter().Format(record)), iter: 20_000, threads: 1);

    [Fact]
    public void The_template_is_read_back_as_it_was() =>
        Gen.Select(Template, Arguments, Properties).Sample(
            (template, arguments, properties) =>
            {
                var line = Encoding.UTF8.GetBytes(Line(template, arguments, properties));
                var entry = new JsonEntryParser().Parse(line.AsSpan(0, line.Length - 1));
                var written = MessageTemplate.Of(template).HoleCount > 0 && (arguments.Length > 0 || properties is not null) ? template : "";
                Assert.Equal(written, Encoding.UTF8.GetString(entry.Record.Template));
            },
            iter: 20_000,
            threads: 1);

    [Fact]
    public void Following_a_template_allocates_nothing()
    {
        var formatter = new JsonFormatter();
        var output = new ByteWriter(1 << 20);
        var view = new SampleRecord { Message = "item 3 of table done", Template = "item {Item} of {Name} done" }.With("Item", 3).With("Name", "table").View;
        var least = long.MaxValue;
        for (var round = 0; round < 20 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 500; i++)
            {
                formatter.Format(in view, output);
            }

            output.Clear();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static void AssertRendered(string line)
    {
        using var json = JsonDocument.Parse(line);
        var message = json.RootElement.GetProperty("@m").GetString();

        Assert.Equal(message, ClefRenderer.Render(line));
        Assert.Equal(message, SerilogRenderer.Render(line));
    }

    private static string Line(string template, object?[] arguments, LogProperty[]? properties)
    {
        var draft = new RecordDraft { Level = LogLevel.Information, Message = template, Arguments = arguments, Properties = properties };
        var batch = RecordEncoder.Encode(draft, LocalClock.Default).Written;
        Assert.True(RecordCodec.TryRead(ref batch, Encoded.Sender, out var record));
        var output = new ByteWriter();
        new JsonFormatter().Format(in record, output);
        return Encoding.UTF8.GetString(output.Written);
    }
}
