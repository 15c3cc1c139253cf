using System.Text.RegularExpressions;

namespace QueueLog.HelpWriter;

/// <summary>Reads a cmdlet's page: the sections and parameter blocks that PlatyPS made the custom.</summary>
internal static partial class HelpPageReader
{
    private static readonly string[] Sections =
        ["SYNOPSIS", "SYNTAX", "DESCRIPTION", "EXAMPLES", "PARAMETERS", "INPUTS", "OUTPUTS", "NOTES", "RELATED LINKS"];

    private static readonly string[] ParameterKeys =
    [
        "Type", "Parameter Sets", "Aliases", "Required", "Position", "Default value", "Accept pipeline input",
        "Accept wildcard characters",
    ];

    public static HelpPage Read(IReadOnlyList<string> lines)
    {
        var page = Outline.Read(lines);
        if (!page.Sections.Select(section => section.Title).SequenceEqual(Sections))
        {
            throw new HelpFormatException(page.Line, $"A help page has the sections {string.Join(", ", Sections)}, in this order.");
        }

        return new HelpPage
        {
            Name = page.Title,
            Synopsis = page.Sections[0].Paragraphs,
            Syntax = [.. page.Sections[1].Sections.Select(ReadSyntax)],
            Description = page.Sections[2].Paragraphs,
            Examples = [.. page.Sections[3].Sections.Select(ReadExample)],
            Parameters = [.. page.Sections[4].Sections.Where(section => section.Title != "CommonParameters").Select(ReadParameter)],
            Inputs = [.. page.Sections[5].Sections.Select(section => new HelpType(section.Title, section.Paragraphs))],
            Outputs = [.. page.Sections[6].Sections.Select(section => new HelpType(section.Title, section.Paragraphs))],
            Notes = page.Sections[7].Paragraphs,
            Links = [.. page.Sections[8].Blocks.Select(ReadLink)],
        };
    }

    // ### <set> [(Default)], then a fence with the command line, which may be broken over lines
    private static HelpSyntax ReadSyntax(Section section) => new(
        section.Title.Replace(" (Default)", "", StringComparison.Ordinal),
        WhiteSpace().Replace(OnlyFence(section, ""), " "));

    // text, a fence of powershell, directly behind it a fence with what that prints, text
    private static HelpExample ReadExample(Section section)
    {
        var code = section.Blocks.FindIndex(block => block.Fence == "powershell");
        if (code < 0)
        {
            throw new HelpFormatException(section.Line, "An example has a fenced block of powershell.");
        }

        var output = section.Blocks.ElementAtOrDefault(code + 1) is { Fence: "Output" } block ? block.Text : null;
        return new HelpExample(
            section.Title,
            [.. section.Blocks[..code].Select(block => block.Text)],
            section.Blocks[code].Text,
            output,
            [.. section.Blocks[(output is null ? code + 1 : code + 2)..].Select(block => block.Text)]);
    }

    private static HelpParameter ReadParameter(Section section)
    {
        var uses = section.Blocks.Where(block => block.Fence == "yaml").Select(ReadUse).ToArray();
        return section.Title.StartsWith('-') && uses.Length > 0
            ? new HelpParameter(section.Title[1..], section.Paragraphs, uses)
            : throw new HelpFormatException(section.Line, "A parameter is '### -Name' with a fenced block of yaml.");
    }

    private static HelpParameterUse ReadUse(Block block)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in block.Text.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            values.Add(colon < 0 ? line : line[..colon], colon < 0 ? "" : line[(colon + 1)..].Trim());
        }

        if (!values.Keys.SequenceEqual(ParameterKeys))
        {
            throw new HelpFormatException(block.Line, $"A parameter has the keys {string.Join(", ", ParameterKeys)}, in this order.");
        }

        return new HelpParameterUse
        {
            Type = values["Type"],
            ParameterSets = List(values["Parameter Sets"]),
            Aliases = List(values["Aliases"]),
            Required = Truth(values["Required"]),
            Position = values["Position"],
            Default = values["Default value"],
            Pipeline = values["Accept pipeline input"],
            Wildcards = Truth(values["Accept wildcard characters"]),
        };

        bool Truth(string text) => text switch
        {
            "True" => true,
            "False" => false,
            _ => throw new HelpFormatException(block.Line, $"'{text}' is neither True nor False."),
        };
    }

    private static HelpLink ReadLink(Block block)
    {
        var match = Link().Match(block.Text);
        return match.Success
            ? new HelpLink(match.Groups["text"].Value, match.Groups["target"].Value)
            : throw new HelpFormatException(block.Line, "A related link is '[text](target)'.");
    }

    private static string OnlyFence(Section section, string language) =>
        section.Blocks is [{ Fence: { } fence } block] && fence == language
            ? block.Text.Trim()
            : throw new HelpFormatException(section.Line, "A syntax is one fenced block.");

    private static string[] List(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"^(?:- )?\[(?<text>[^\]]+)\]\((?<target>[^)]+)\)$")]
    private static partial Regex Link();
}
