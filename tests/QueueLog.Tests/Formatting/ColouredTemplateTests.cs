using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Formatting;

/// <summary>Lines of a console with colours; the escape character is shown as ^.</summary>
public sealed class ColouredTemplateTests
{
    private const string Time = "2026-03-04 15:06:07";

    [Theory]
    [InlineData(LogLevel.Debug, "^[90mDebug       ^[0m")]
    [InlineData(LogLevel.Information, "^[32mInformation ^[0m")]
    [InlineData(LogLevel.Warning, "^[33mWarning     ^[0m")]
    [InlineData(LogLevel.Error, "^[31mError       ^[0m")]
    [InlineData(LogLevel.Critical, "^[1;31mCritical    ^[0m")]
    public void The_time_is_dim_and_the_level_has_its_colour(LogLevel level, string name) =>
        Assert.Equal($"^[90m{Time}^[0m Worker-1 {name}hello\n", Format("{Timestamp:yyyy-MM-dd HH:mm:ss} {Process} {Level,-12}{Message}", Some.Record(level: level)));

    [Theory]
    [InlineData("item {Item} of {Total}", "item 3 of 9", "item ^[36m3^[0m of ^[36m9^[0m")]
    [InlineData("{Name} died", "a b died", "^[36ma b^[0m died")]
    [InlineData("{Item}", "", "")]
    [InlineData("{A}{B} end", "12 end", "^[36m12^[0m end")]
    [InlineData("{{x}} {A:n2}", "{x} 1.00", "{x} ^[36m1.00^[0m")]
    [InlineData("no holes", "no holes", "no holes")]
    [InlineData("", "no template", "no template")]
    [InlineData("another {Text} altogether", "what was written", "what was written")]
    [InlineData("item {Item} of", "item 3 cut", "item 3 cut")]
    [InlineData("text {Lines} end", "text one\ntwo end", "text ^[36mone\n    two^[0m end")]
    [InlineData("bad {Value}", "bad \u001b[2J", "bad ^[36m\\u001b[2J^[0m")]
    public void Values_in_the_message_are_coloured(string template, string message, string expected) =>
        Assert.Equal($"{expected} ^[32mInformation^[0m\n", Format("{Message} {Level}", new SampleRecord { Message = message, Template = template }));

    [Fact]
    public void Without_a_level_the_line_has_no_colours_of_its_own() =>
        Assert.Equal("item 3\n", Format("{Message}", new SampleRecord { Message = "item 3", Template = "item {Item}" }));

    [Fact]
    public void What_is_coloured_is_the_text_without_colours_but_for_them()
    {
        var record = new SampleRecord { Message = "item 3 of 9", Template = "item {Item} of {Total}", Level = LogLevel.Error };
        const string Template = "{Timestamp} [{Level:u3}] {Message,-20}|{NewLine}{UtcTimestamp}";
        var plain = new TemplateFormatter(Template).Format(record);
        Assert.Equal(plain, System.Text.RegularExpressions.Regex.Replace(new TemplateFormatter(Template, isColoured: true).Format(record), "\u001b\\[[0-9;]*m", ""));
    }

    private static string Format(string template, SampleRecord record) => new TemplateFormatter(template, isColoured: true).Format(record).Replace('\u001b', '^');
}
