using System.Xml.Linq;
using QueueLog.HelpWriter;

namespace QueueLog.Tests.Module;

public sealed class HelpWriterTests
{
    private const string Page = """
        ---
        Module Name: QueueLog
        ---
        # Write-Thing
        ## SYNOPSIS
        Writes a `thing`.
        ## SYNTAX
        ### Message (Default)
        ```
        Write-Thing [-Message] <string>
         [-Wait] [<CommonParameters>]
        ```
        ## DESCRIPTION
        First paragraph
        on two lines.

        - an item
        - another, see [about](about_Thing.md)
        ## EXAMPLES
        ### Example 1: Simple
        Before.
        ```powershell
        # no heading
        Write-Thing 'a < b'
        ```
        ```Output
        Name  `Size`
        a        <1
        ```
        After.
        ## PARAMETERS
        ### -Wait
        Waits.
        ```yaml
        Type: SwitchParameter
        Parameter Sets: (All)
        Aliases: w
        Required: False
        Position: Named
        Default value: False
        Accept pipeline input: False
        Accept wildcard characters: False
        ```
        ### -Message
        The text.
        ```yaml
        Type: String
        Parameter Sets: Message
        Aliases:
        Required: True
        Position: 0
        Default value: None
        Accept pipeline input: True (ByValue)
        Accept wildcard characters: False
        ```
        ### CommonParameters
        Common.
        ## INPUTS
        ### System.String
        ## OUTPUTS
        ### None
        ## NOTES
        - `SomeId`: why.
        ## RELATED LINKS
        [Online](https://example.org/thing)
        """;

    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    [Fact]
    public void Markup_is_taken_out_and_lines_of_a_paragraph_are_joined()
    {
        var command = Write();
        Assert.Equal("Writes a thing.", command.Element(Command + "details")!.Element(Maml + "description")!.Value);
        Assert.Equal(
            ["First paragraph on two lines.", "- an item", "- another, see about"],
            command.Element(Maml + "description")!.Elements().Select(paragraph => paragraph.Value));
    }

    [Fact]
    public void A_syntax_has_the_parameters_in_the_order_of_its_command_line()
    {
        var item = Assert.Single(Write().Element(Command + "syntax")!.Elements());
        Assert.Equal(["Message", "Wait"], item.Elements(Command + "parameter").Select(parameter => parameter.Element(Maml + "name")!.Value));
    }

    [Fact]
    public void The_parameters_keep_the_order_of_the_page_and_their_facts()
    {
        var parameters = Write().Element(Command + "parameters")!.Elements().ToArray();
        Assert.Equal(["Wait", "Message"], parameters.Select(parameter => parameter.Element(Maml + "name")!.Value));
        Assert.Equal("w", parameters[0].Attribute("aliases")!.Value);
        Assert.Equal("named", parameters[0].Attribute("position")!.Value);
        Assert.Equal("true", parameters[1].Attribute("required")!.Value);
        Assert.Equal("True (ByValue)", parameters[1].Attribute("pipelineInput")!.Value);
    }

    [Fact]
    public void The_code_of_an_example_and_its_output_below_it_are_kept_as_they_stand()
    {
        var example = Assert.Single(Write().Element(Command + "examples")!.Elements());
        Assert.Equal("# no heading\nWrite-Thing 'a < b'\n\nName  `Size`\na        <1", example.Element(Dev + "code")!.Value);
        Assert.Equal("Before.", example.Element(Maml + "introduction")!.Value);
        Assert.Equal("After.", example.Element(Dev + "remarks")!.Value);
    }

    [Theory]
    [InlineData("## NOTES\n", "", 4, "sections")]
    [InlineData("Position: 0\n", "", 46, "keys")]
    [InlineData("Required: True", "Required: yes", 46, "neither True nor False")]
    [InlineData("```powershell", "```", 20, "fenced block of powershell")]
    [InlineData("(https://example.org/thing)", "", 65, "related link")]
    public void A_page_built_otherwise_is_refused_with_its_line(string part, string replacement, int line, string expected)
    {
        var wrong = Page.Replace(part, replacement, StringComparison.Ordinal);
        Assert.NotEqual(Page, wrong);
        var exception = Assert.Throws<HelpFormatException>(() => HelpPageReader.Read(wrong.Split('\n')));
        Assert.Equal(line, exception.Line);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_about_page_becomes_text_of_80_columns()
    {
        var topic = AboutTopic.Read(
        [
            "# about_Thing",
            "## Short description",
            "Something " + string.Join(' ', Enumerable.Repeat("word", 30)),
            "## More",
            "- an item",
            "- another",
            "```powershell",
            "Write-Thing 'a'",
            "```",
        ]);
        Assert.Equal("about_Thing", topic.Name);
        Assert.StartsWith("TOPIC\n    about_Thing\n\nSHORT DESCRIPTION\n    Something word", topic.Text, StringComparison.Ordinal);
        Assert.EndsWith("\nMORE\n    - an item\n    - another\n\n        Write-Thing 'a'\n", topic.Text, StringComparison.Ordinal);
        Assert.All(topic.Text.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    private static XElement Write() => Assert.Single(MamlWriter.Write([HelpPageReader.Read(Page.Split('\n'))]).Root!.Elements());
}
