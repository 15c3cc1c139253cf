using QueueLog.Client;
using QueueLog.Records;

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

    private sealed class Hostile
    {
        public override string ToString() => throw new InvalidOperationException("no text");
    }
}
