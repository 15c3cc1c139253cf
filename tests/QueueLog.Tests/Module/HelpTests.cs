using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Text.RegularExpressions;
using QueueLog.HelpWriter;
using QueueLog.PowerShell;
using Shell = System.Management.Automation.PowerShell;

namespace QueueLog.Tests.Module;

/// <summary>The pages under docs/en-US say what the cmdlets are: parameter by parameter, as the engine sees them.</summary>
public sealed class HelpTests : IDisposable
{
    private static readonly string Root = FindRoot();

    private static readonly string[] Exported = ReadExported();

    // What the manifest does not export is between the module and its workers.
    private static readonly Type[] Cmdlets =
        [.. typeof(QueueLogCommand).Assembly.GetTypes().Where(type => type.GetCustomAttribute<CmdletAttribute>() is not null && Exported.Contains(NameOf(type)))];

    private readonly Runspace runspace;

    public HelpTests()
    {
        var state = InitialSessionState.CreateDefault2();
        state.Commands.Add(Cmdlets.Select(type => new SessionStateCmdletEntry(NameOf(type), type, helpFileName: null)));
        runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
    }

    public static TheoryData<string> Commands => new(Cmdlets.Select(NameOf));

    private static string[] Pages =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, "docs", "en-US"), "*-*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    public void Dispose() => runspace.Dispose();

    [Fact]
    public void Every_exported_cmdlet_exists_and_has_a_page_and_every_page_is_of_one()
    {
        Assert.Equal(Exported, Cmdlets.Select(NameOf).Order());
        Assert.Equal(Exported, Pages);
    }

    [Fact]
    public void A_page_has_the_name_of_its_file() => Assert.Equal(Pages, Pages.Select(name => Read(name).Name));

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_page_has_exactly_the_parameters_of_its_cmdlet(string name)
    {
        var real = Command(name).Parameters.Values.Where(IsOwn).Select(parameter => parameter.Name);
        Assert.Equal(real.Order(), Read(name).Parameters.Select(parameter => parameter.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_page_describes_each_parameter_as_the_engine_binds_it(string name)
    {
        var command = Command(name);
        foreach (var parameter in Read(name).Parameters)
        {
            var metadata = command.Parameters[parameter.Name];
            foreach (var set in command.ParameterSets)
            {
                var real = set.Parameters.FirstOrDefault(candidate => candidate.Name == parameter.Name);
                var use = parameter.In(set.Name);
                Assert.True(real is null == use is null, $"-{parameter.Name}: one of page and cmdlet does not have it in the set {set.Name}.");
                if (real is not null && use is not null)
                {
                    Assert.Equal($"-{parameter.Name} in {set.Name}: {Describe(real, metadata)}", $"-{parameter.Name} in {set.Name}: {Describe(use)}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_page_shows_the_syntax_that_the_engine_shows(string name)
    {
        var real = Command(name).ParameterSets.Select(set => $"{set.Name}: {name} {set}".Replace(" [<CommonParameters>]", "", StringComparison.Ordinal));
        var shown = Read(name).Syntax.Select(syntax => $"{syntax.ParameterSet}: {syntax.CommandLine}".Replace(" [<CommonParameters>]", "", StringComparison.Ordinal));
        Assert.Equal(real.Order(), shown.Order());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_page_has_at_least_two_examples_that_parse_and_use_real_parameters(string name)
    {
        var examples = Read(name).Examples;
        Assert.True(examples.Count >= 2, $"{name} has {examples.Count} examples.");
        Assert.All(examples, example =>
        {
            var script = Parser.ParseInput(example.Code, out _, out var errors);
            Assert.Empty(errors);
            Assert.All(script.FindAll(ast => ast is CommandAst, searchNestedScriptBlocks: true).Cast<CommandAst>(), HasRealParameters);
        });
        Assert.Contains(examples, example => example.Code.Contains(name, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Get_Help_shows_the_page(string name)
    {
        using var shell = Shell.Create(InitialSessionState.CreateDefault2());
        shell.AddCommand("Import-Module").AddParameter("Name", Path.Combine(Root, "QueueLog.psd1")).Invoke();
        shell.Commands.Clear();
        var help = Assert.Single(shell.AddCommand("Get-Help").AddParameter("Name", name).AddParameter("Full").Invoke());
        var page = Read(name);
        Assert.Equal(PlainText.Of(string.Join(' ', page.Synopsis)), $"{help.Properties["Synopsis"].Value}".Trim());
        Assert.Equal(page.Examples.Select(example => example.Output is null ? example.Code : $"{example.Code}\n\n{example.Output}"), Texts(help, "examples", "example", "code"));
        Assert.Equal(page.Parameters.Select(parameter => parameter.Name), Texts(help, "parameters", "parameter", "name"));
    }

    [Fact]
    public void Every_link_of_a_page_leads_somewhere()
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Root, "docs", "en-US"), "*.md"))
        {
            var text = File.ReadAllText(path);
            foreach (var target in Regex.Matches(text, @"\]\((?<target>[^)#]+\.md)\)").Select(match => match.Groups["target"].Value))
            {
                Assert.True(File.Exists(Path.Combine(Path.GetDirectoryName(path)!, target)), $"{Path.GetFileName(path)} links to {target}.");
            }
        }
    }

    [Fact]
    public void Every_error_id_is_explained_on_a_page_and_no_other_is()
    {
        // "- `SomeId`, `OtherId`: what it means"
        var explained = Pages.SelectMany(page => Read(page).Notes)
            .Where(note => note.StartsWith("- `", StringComparison.Ordinal))
            .SelectMany(note => Regex.Matches(note[..note.IndexOf(": ", StringComparison.Ordinal)], @"`(?<id>\w+)`").Select(match => match.Groups["id"].Value))
            .ToHashSet();

        // No cmdlet that users call raises this one.
        var raised = Ids("*Errors.cs").Except(["NotAWorker"]);
        Assert.Empty(raised.Except(explained));

        // The engine's own id for an argument it refuses is worth telling as well.
        Assert.Empty(explained.Except(Ids("*.cs")).Except(["ParameterArgumentTransformationError"]));
    }

    private static IEnumerable<string> Ids(string files) =>
        Directory.EnumerateFiles(Path.Combine(Root, "src", "QueueLog.PowerShell"), files, SearchOption.AllDirectories)
            .SelectMany(path => Regex.Matches(File.ReadAllText(path), @"""(?<id>[A-Z][a-z]+([A-Z][a-z]*)+)""").Select(match => match.Groups["id"].Value));

    private static IEnumerable<string> Texts(PSObject help, string list, string element, string field)
    {
        // The engine makes an array only of several.
        var value = PSObject.AsPSObject(help.Properties[list].Value).Properties[element].Value;
        var items = (value is PSObject wrapped ? wrapped.BaseObject : value) as object[] ?? [value];
        return items.Select(item => $"{PSObject.AsPSObject(item).Properties[field].Value}");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "QueueLog.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run from a build folder inside the repository.");
        }

        return folder.FullName;
    }

    private static string NameOf(Type type)
    {
        var attribute = type.GetCustomAttribute<CmdletAttribute>()!;
        return $"{attribute.VerbName}-{attribute.NounName}";
    }

    private static string[] ReadExported()
    {
        var manifest = Parser.ParseFile(Path.Combine(Root, "QueueLog.psd1"), out _, out _);
        var values = (Hashtable)manifest.Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false).SafeGetValue();
        return [.. ((object[])values["CmdletsToExport"]!).Cast<string>().Order()];
    }

    private static HelpPage Read(string name) =>
        HelpPageReader.Read(File.ReadAllLines(Path.Combine(Root, "docs", "en-US", name + ".md")));

    private static bool IsOwn(ParameterMetadata parameter) => !Cmdlet.CommonParameters.Contains(parameter.Name);

    private static string Describe(CommandParameterInfo real, ParameterMetadata metadata)
    {
        var by = new[] { real.ValueFromPipeline ? "ByValue" : null, real.ValueFromPipelineByPropertyName ? "ByPropertyName" : null }.OfType<string>().ToArray();
        return Describe(
            Nullable.GetUnderlyingType(real.ParameterType)?.Name ?? real.ParameterType.Name,
            real.IsMandatory,
            real.Position < 0 ? "Named" : $"{real.Position}",
            by.Length == 0 ? "False" : $"True ({string.Join(", ", by)})",
            metadata.Aliases,
            metadata.Attributes.OfType<SupportsWildcardsAttribute>().Any());
    }

    private static string Describe(HelpParameterUse use) =>
        Describe(use.Type, use.Required, use.Position, use.Pipeline, use.Aliases, use.Wildcards);

    private static string Describe(string type, bool required, string position, string pipeline, IEnumerable<string> aliases, bool wildcards) =>
        $"{type}, required {required}, position {position}, pipeline {pipeline}, aliases '{string.Join(", ", aliases)}', wildcards {wildcards}";

    private CmdletInfo Command(string name) =>
        Assert.IsType<CmdletInfo>(runspace.SessionStateProxy.InvokeCommand.GetCommand(name, CommandTypes.Cmdlet));

    private void HasRealParameters(CommandAst call)
    {
        if (call.GetCommandName() is not { } name || !Cmdlets.Select(NameOf).Contains(name))
        {
            return;
        }

        var known = Command(name).Parameters.Keys;
        Assert.All(call.CommandElements.OfType<CommandParameterAst>(), parameter =>
            Assert.Contains(parameter.ParameterName, known, StringComparer.OrdinalIgnoreCase));
    }
}
