using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Client;

public sealed class MessageTemplateTests
{
    [Theory]
    [InlineData("item {Item} of {Total}", "item 3 of 9")]
    [InlineData("{Item,4}|{Total,-4}|", "   3|9   |")]
    [InlineData("{Item:000}", "003")]
    [InlineData("{{Item}} {Item}", "{Item} 3")]
    [InlineData("{@Item} {$Total}", "3 9")]
    [InlineData("a { b } {} {Item", "a { b } {} {Item")]
    [InlineData("{Item} {Total} {More}", "3 9 {More}")]
    [InlineData("{1} before {0}", "9 before 3")]
    [InlineData("{0} {0} {1}", "3 3 9")]
    [InlineData("{1}", "9")]
    [InlineData("{2}", "{2}")]
    [InlineData("{1} {Name}", "3 9")]
    [InlineData("{00} {1}", "3 9")]
    [InlineData("{A} {A}", "3 9")]
    [InlineData("{A} {B} {a}", "3 9 3")]
    [InlineData("no holes", "no holes")]
    [InlineData("", "")]
    public void Holes_are_filled_in_order_and_what_is_no_hole_is_text(string template, string expected) =>
        Assert.Equal(expected, RecordEncoder.RenderText(new RecordDraft { Message = template, Arguments = new object?[] { 3, 9 } }));

    [Fact]
    public void Holes_without_an_argument_are_filled_from_properties_of_their_name() =>
        Assert.Equal("user Ann on web", RecordEncoder.RenderText(new RecordDraft
        {
            Message = "user {User} on {Host}",
            Arguments = new object?[] { "Ann" },
            Properties = new LogProperties([new("host", "web")]),
        }));

    [Fact]
    public void A_value_whose_text_throws_does_not_take_its_caller_down() =>
        Assert.Contains("InvalidOperationException", RecordEncoder.RenderText(new RecordDraft { Message = "{X}", Arguments = new object?[] { new Hostile() } }));

    [Fact]
    public void A_brace_that_is_closed_far_away_opens_no_hole()
    {
        var near = new string('a', 250);
        var far = new string('a', 300);
        Assert.Equal($"3 {{{far}}}", RecordEncoder.RenderText(new RecordDraft { Message = $"{{{near}}} {{{far}}}", Arguments = new object?[] { 3, 9 } }));
    }

    [Theory]
    [InlineData("{1} before {0}", "0=3 1=9")]
    [InlineData("{0} {0} {2}", "0=3 1=9")]
    [InlineData("{A} {B} {a}", "A=3 B=9")]
    [InlineData("{A} {A}", "A=3 A=9")]
    [InlineData("{A}", "A=3 Argument1=9")]
    [InlineData("{1}", "0=3 1=9")]
    public void Arguments_are_called_as_the_holes_they_fill(string template, string expected)
    {
        var batch = RecordEncoder.Encode(new RecordDraft { Message = template, Arguments = new object?[] { 3, 9 } }, LocalClock.Default).Written;
        Assert.True(RecordCodec.TryRead(ref batch, Encoded.Sender, out var record));

        Assert.Equal(expected, string.Join(' ', WholeRecord.Of(in record).Properties.Select(property => $"{property.Name}={property.Value}")));
    }

    [Fact]
    public void A_hole_says_how_its_value_is_kept()
    {
        var point = new { X = 1, Secret = "s", Inner = new { Y = 2 } };

        Assert.Equal("{X=1, Secret=***, Inner={Y=2}}", RecordEncoder.RenderText(new RecordDraft { Message = "{@P}", Arguments = new object?[] { point } }));
        Assert.Equal(point.ToString(), RecordEncoder.RenderText(new RecordDraft { Message = "{P}", Arguments = new object?[] { point } }));
        Assert.Equal("{X=1}", RecordEncoder.RenderText(new RecordDraft { Message = "{@P}", Properties = new LogProperties([new("P", new { X = 1 })]) }));
    }

    private sealed class Hostile
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }
}
