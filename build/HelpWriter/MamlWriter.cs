using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace QueueLog.HelpWriter;

/// <summary>Writes pages in MAML, the only form of cmdlet help that the engine reads.</summary>
internal static partial class MamlWriter
{
    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static XDocument Write(IEnumerable<HelpPage> pages) => new(
        new XElement(Help + "helpItems", new XAttribute("schema", "maml"), pages.Select(Page)));

    private static XElement Page(HelpPage page)
    {
        var dash = page.Name.IndexOf('-', StringComparison.Ordinal);
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", page.Name),
                new XElement(Command + "verb", page.Name[..dash]),
                new XElement(Command + "noun", page.Name[(dash + 1)..]),
                Text("description", page.Synopsis)),
            Text("description", page.Description),
            new XElement(Command + "syntax", page.Syntax.Select(syntax => SyntaxItem(page, syntax))),
            new XElement(
                Command + "parameters",
                page.Parameters.Select(parameter => Parameter(parameter, parameter.Uses[0], withDetails: true))),
            new XElement(Command + "inputTypes", page.Inputs.Select(type => TypeItem("inputType", type))),
            new XElement(Command + "returnValues", page.Outputs.Select(type => TypeItem("returnValue", type))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", Paragraphs(page.Notes))),
            new XElement(Command + "examples", page.Examples.Select(Example)),
            new XElement(Command + "relatedLinks", page.Links.Select(Link)));
    }

    private static XElement SyntaxItem(HelpPage page, HelpSyntax syntax)
    {
        // The order in which the engine prints parameters is not that of the page, so it is taken from the command line.
        var parameters =
            from name in ParameterName().Matches(syntax.CommandLine).Select(match => match.Groups["name"].Value)
            let parameter = page.Parameters.FirstOrDefault(parameter => parameter.Name == name)
            where parameter is not null
            select Parameter(parameter, parameter.In(syntax.ParameterSet) ?? parameter.Uses[0], withDetails: false);
        return new XElement(Command + "syntaxItem", new XElement(Maml + "name", page.Name), parameters);
    }

    private static XElement Parameter(HelpParameter parameter, HelpParameterUse use, bool withDetails)
    {
        var isSwitch = use.Type == "SwitchParameter";
        return new XElement(
            Command + "parameter",
            new XAttribute("required", Lower(use.Required)),
            new XAttribute("variableLength", Lower(use.Type.EndsWith("[]", StringComparison.Ordinal))),
            new XAttribute("globbing", Lower(use.Wildcards)),
            new XAttribute("pipelineInput", use.Pipeline),
            new XAttribute("position", use.Position.ToLowerInvariant()),
            new XAttribute("aliases", use.Aliases.Count == 0 ? "none" : string.Join(", ", use.Aliases)),
            new XElement(Maml + "name", parameter.Name),
            Text("description", parameter.Description),
            isSwitch && !withDetails
                ? null
                : new XElement(Command + "parameterValue", new XAttribute("required", Lower(!isSwitch)), use.Type),
            new XElement(Dev + "type", new XElement(Maml + "name", use.Type)),
            new XElement(Dev + "defaultValue", use.Default));
    }

    private static XElement TypeItem(string element, HelpType type) => new(
        Command + element,
        new XElement(Dev + "type", new XElement(Maml + "name", type.Name)),
        Text("description", type.Description));

    private static XElement Example(HelpExample example) => new(
        Command + "example",
        new XElement(Maml + "title", $"--- {example.Title} ---"),
        // The engine prints what comes next right behind the last paragraph of these two, so an empty one follows.
        Text("introduction", example.Introduction.Count == 0 ? [] : [.. example.Introduction, ""]),
        // MAML has no place for output, and only here the engine keeps lines and columns as they are.
        new XElement(Dev + "code", example.Output is null ? example.Code : $"{example.Code}\n\n{example.Output}"),
        new XElement(Dev + "remarks", Paragraphs([.. example.Remarks, ""])));

    private static XElement Link(HelpLink link) => new(
        Maml + "navigationLink",
        new XElement(Maml + "linkText", link.Text),
        new XElement(Maml + "uri", PlainText.IsAddress(link.Target) ? link.Target : ""));

    private static XElement Text(string element, IEnumerable<string> paragraphs) => new(Maml + element, Paragraphs(paragraphs));

    private static IEnumerable<XElement> Paragraphs(IEnumerable<string> paragraphs) =>
        paragraphs.Select(paragraph => new XElement(Maml + "para", PlainText.Of(paragraph)));

    private static string Lower(bool value) => value ? "true" : "false";

    [GeneratedRegex(@"(?<=[\s\[])-(?<name>\w+)")]
    private static partial Regex ParameterName();
}
