using System.Text.RegularExpressions;
using QueueLog.Tests.Support;

namespace QueueLog.Tests;

public sealed partial class LayeringTests
{
    private static readonly string[] Order =
    [
        "Diagnostics", "Native", "Records", "Wire", "Transport", "Journal", "Client", "Formatting", "Sinks", "Listener", "Reading", "Scheduling", "Workers",
    ];

    [Fact]
    public void A_folder_uses_only_those_to_its_left()
    {
        var offences =
            from file in SourceFiles()
            let folder = TopFolder(file)
            from Match use in Use().Matches(File.ReadAllText(file))
            let used = use.Groups[1].Value
            where Array.IndexOf(Order, used) > Array.IndexOf(Order, folder)
            select $"{Path.GetRelativePath(Repository.Source, file)} uses {used}";
        Assert.Empty(offences);
    }

    [Fact]
    public void Every_folder_has_its_place_in_the_order()
    {
        Assert.NotEmpty(SourceFiles());
        Assert.All(SourceFiles(), file => Assert.Contains(TopFolder(file), Order));
    }

    [Fact]
    public void The_core_knows_no_PowerShell() =>
        Assert.All(SourceFiles(), file => Assert.DoesNotContain("System.Management.Automation", File.ReadAllText(file), StringComparison.Ordinal));

    private static IEnumerable<string> SourceFiles() =>
        Directory.EnumerateFiles(Repository.Source, "*.cs", SearchOption.AllDirectories)
            .Where(file => TopFolder(file) is not ("obj" or "bin"));

    private static string TopFolder(string file) => Path.GetRelativePath(Repository.Source, file).Split(Path.DirectorySeparatorChar)[0];

    // Both forms: a using directive and a qualified name such as Wire.ValueText. A text such as a category is none.
    [GeneratedRegex(@"(?<!"")\bQueueLog\.(\w+)\b")]
    private static partial Regex Use();
}
