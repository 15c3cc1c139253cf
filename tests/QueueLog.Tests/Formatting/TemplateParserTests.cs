using QueueLog.Formatting;

namespace QueueLog.Tests.Formatting;

public sealed class TemplateParserTests
{
    [Theory]
    [InlineData("", 0, "text or a token")]
    [InlineData("{}", 1, "a name")]
    [InlineData("a {}", 3, "a name")]
    [InlineData("{,10}", 1, "a name")]
    [InlineData("{ Level}", 1, "a name")]
    [InlineData("{", 1, "a name")]
    [InlineData("{Level", 6, "'}'")]
    [InlineData("text {Level", 11, "'}'")]
    [InlineData("{Level {Message}", 6, "'}'")]
    [InlineData("{Level{Message}}", 6, "'}'")]
    [InlineData("a } b", 2, "'}}'")]
    [InlineData("{Level}}", 7, "'}}'")]
    [InlineData("{Level,}", 7, "a width")]
    [InlineData("{Level,", 7, "a width")]
    [InlineData("{Level,-}", 8, "a width")]
    [InlineData("{Level,^10}", 7, "a width")]
    [InlineData("{Level,left}", 7, "a width")]
    [InlineData("{Level,+5}", 7, "a width")]
    [InlineData("{Level,0}", 7, "a width")]
    [InlineData("{Level,1001}", 7, "a width")]
    [InlineData("{Level,-1001}", 7, "a width")]
    [InlineData("{Level,99999999999}", 7, "a width")]
    [InlineData("{Level,10", 9, "'}'")]
    [InlineData("{Level,1x}", 8, "'}'")]
    [InlineData("{Level:u9}", 7, "the format u3")]
    [InlineData("{Level:u3", 9, "'}'")]
    [InlineData("{Timestamp:}", 11, "a .NET date format")]
    [InlineData("{Timestamp:yyyy 'open}", 11, "a .NET date format")]
    [InlineData("{Timestamp:Q}", 11, "a .NET date format")]
    [InlineData("{Timestamp:yyyy", 15, "'}'")]
    [InlineData("{UtcTimestamp:Q}", 14, "a .NET date format")]
    [InlineData("{Pid:Q}", 5, "a .NET format for integers")]
    [InlineData("{Price:}", 7, "a .NET number or date format")]
    [InlineData("{Message:lj}", 8, "'}', or ',' and a width")]
    [InlineData("{NewLine,4}", 8, "'}'")]
    public void A_wrong_template_tells_where_it_is_wrong_and_what_was_expected(string template, int position, string expected)
    {
        var exception = Assert.Throws<TemplateException>(() => TemplateParser.Parse(template));

        Assert.Equal(position, exception.Position);
        Assert.StartsWith(expected, exception.Expected);
        Assert.Equal(template, exception.Template);
        Assert.StartsWith($"The template is wrong at column {position + 1}: expected {expected}", exception.Message);
        Assert.Contains("tokens are {Timestamp:format}, {UtcTimestamp:format}, {Level}", exception.Message);
    }

    [Fact]
    public void Tokens_know_their_field_position_width_and_format()
    {
        var tokens = TemplateParser.Parse("at {Timestamp,-12:HH:mm:ss,fff} {{x}} {user.id,5}");

        Assert.Equal(
            [
                new TemplateToken(TemplateField.Literal, 0, "at "),
                new TemplateToken(TemplateField.Timestamp, 3, "Timestamp") { Width = -12, Format = "HH:mm:ss,fff" },
                new TemplateToken(TemplateField.Literal, 31, " {x} "),
                new TemplateToken(TemplateField.Property, 38, "user.id") { Width = 5 },
            ],
            tokens);
    }

    [Theory]
    [InlineData("{Timestamp}", "Timestamp")]
    [InlineData("{timestamp}", "Timestamp")]
    [InlineData("{MESSAGE}", "Message")]
    [InlineData("{NewLine}", "NewLine")]
    [InlineData("{Literal}", "Property")]
    [InlineData("{Property}", "Property")]
    [InlineData("{0}", "Property")]
    [InlineData("{3}", "Property")]
    [InlineData("{Größe}", "Property")]
    public void A_name_is_a_field_in_any_case_or_else_a_property(string template, string field) =>
        Assert.Equal(field, Assert.Single(TemplateParser.Parse(template)).Field.ToString());

    [Fact]
    public void A_property_may_be_said_to_be_one_whatever_its_name()
    {
        var tokens = TemplateParser.Parse("{Properties:Level,5:n1}{Properties}");

        Assert.Equal(
            [
                new TemplateToken(TemplateField.Property, 0, "Level") { Width = 5, Format = "n1", IsMeant = true },
                new TemplateToken(TemplateField.Properties, 23, "Properties"),
            ],
            tokens);
    }

    [Theory]
    [InlineData("{Mesage}", "Message")]
    [InlineData("{Messagge}", "Message")]
    [InlineData("{mesasge}", "Message")]
    [InlineData("{Catagory}", "Category")]
    [InlineData("{Proces}", "Process")]
    [InlineData("{Timestamps}", "Timestamp")]
    [InlineData("{Message} {Properties:Mesage}", null)]
    [InlineData("{Items} {Cost} {Label} {Msg} {Id} {Uid}", null)]
    public void A_name_that_differs_from_a_token_by_a_slip_is_told(string template, string? expected) =>
        Assert.Equal(expected, TemplateSpelling.Find(TemplateParser.Parse(template)).Select(found => found.Token.ToString()).SingleOrDefault());

    [Fact]
    public void Every_field_but_literals_and_properties_is_named_in_the_message_of_an_error()
    {
        foreach (var field in Enum.GetValues<TemplateField>().Where(field => field is not (TemplateField.Literal or TemplateField.Property)))
        {
            Assert.Contains("{" + field, TemplateParser.KnownTokens);
        }
    }
}
