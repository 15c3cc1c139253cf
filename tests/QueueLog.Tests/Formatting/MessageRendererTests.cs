using System.Text;
using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Reading.Formats;
using QueueLog.Wire;

namespace QueueLog.Tests.Formatting;

/// <summary>The published rules of message templates, each with what Serilog's reader shows.</summary>
public sealed class MessageRendererTests
{
    [Theory]
    [InlineData("debug {A}", "\"A\":1", "debug 1")]
    [InlineData("user {Name}", "\"Name\":\"Ann\"", "user \"Ann\"")]
    [InlineData("user {Name:l}", "\"Name\":\"Ann\"", "user Ann")]
    [InlineData("said {Text}", "\"Text\":\"a \\\"b\\\"\"", "said \"a \\\"b\\\"\"")]
    [InlineData("{x:000} and {y:0.00}", "\"x\":7,\"y\":1.5", "007 and 1.50")]
    [InlineData("[{x,5}] [{x,-5}]", "\"x\":7", "[    7] [7    ]")]
    [InlineData("[{x,6:000}]", "\"x\":7", "[   007]")]
    [InlineData("{@o} {$s}", "\"o\":{\"A\":1,\"B\":\"x\"},\"s\":\"t\"", "{ A: 1, B: \"x\" } \"t\"")]
    [InlineData("{@o}", "\"o\":{\"A\":1,\"$type\":\"P\"}", "{ A: 1, $type: \"P\" }")]
    [InlineData("{@o}", "\"o\":{\"$type\":\"P\",\"A\":1}", "P { A: 1 }")]
    [InlineData("{l} {e}", "\"l\":[1,\"a\",[true,null]],\"e\":[]", "[1, \"a\", [True, null]] []")]
    [InlineData("{o:j}", "\"o\":{\"A\":[1,2]}", "{\"A\":[1,2]}")]
    [InlineData("{{x}} {x} }}", "\"x\":false", "{x} False }")]
    [InlineData("{missing} {x}", "\"x\":null", "{missing} null")]
    [InlineData("{Process} of {Item}", "\"Process\":\"a\",\"Item\":3", "\"a\" of 3")]
    [InlineData("{0} before {1}", "\"0\":1,\"1\":2", "1 before 2")]
    [InlineData("{x:N999999999}", "\"x\":7", "7")]
    [InlineData("no hole", "\"x\":7", "no hole")]
    [InlineData("{big} {d}", "\"big\":9007199254740993,\"d\":1.0", "9007199254740993 1")]
    public void An_event_without_its_message_is_rendered(string template, string members, string expected)
    {
        var line = $"{{\"@t\":\"2026-03-04T15:06:07Z\",\"@mt\":\"{template}\",{members}}}";
        Assert.Equal(expected, Encoding.UTF8.GetString(new JsonEntryParser().Parse(Encoding.UTF8.GetBytes(line)).Record.Message));
    }

    [Fact]
    public void Renderings_stand_for_the_holes_with_formats_in_their_order()
    {
        var line = """{"@t":"2026-03-04T15:06:07Z","@mt":"{a} {b:HH:mm} {c:000}","@r":["15:06","00seven"],"a":1,"b":"2026-03-04T15:06:07Z","c":7}"""u8;
        var entry = new JsonEntryParser().Parse(line);
        Assert.Equal("1 15:06 00seven", Encoding.UTF8.GetString(entry.Record.Message));
        var properties = entry.Record.ReadProperties();
        Assert.True(properties.Read());
        Assert.Equal("a", Encoding.UTF8.GetString(properties.Name));
    }

    [Fact]
    public void Encoded_properties_are_written_by_the_same_rules()
    {
        var properties = new ByteWriter();
        properties.AddText("Name"u8, "Ann"u8);
        properties.AddInteger("N"u8, 7);
        properties.AddDouble("D"u8, 1.5);
        properties.AddBoolean("B"u8, true);
        properties.AddNull("Z"u8);
        var output = new ByteWriter();
        MessageRenderer.Render(output, MessageTemplate.Of("{Name} {Name:l} {N:000} {D,5} {B} {Z} {Other} {name}"), properties.Written);
        Assert.Equal("\"Ann\" Ann 007   1.5 True null {Other} {name}", Encoding.UTF8.GetString(output.Written));
    }
}
