using System.Reflection;
using System.Text.RegularExpressions;
using QueueLog.Client;
using QueueLog.PowerShell;
using QueueLog.Tests.Support;

namespace QueueLog.Tests;

public sealed partial class LayeringTests
{
    private static readonly string[] Order =
    [
        "Diagnostics", "Native", "Records", "Wire", "Transport", "Journal", "Client", "Formatting", "Sinks", "Listener", "Reading", "Pool", "Queue", "Reporting",
    ];

    private static readonly string[] PoolOrder = ["Scheduling", "JobLog", "State", "Processes", "Child"];

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
    public void A_folder_uses_only_those_to_its_left_by_relative_names_too()
    {
        // A name behind a folder's is that of a type in it, or of a folder in it.
        var names = SourceFiles()
            .SelectMany(file => Path.GetRelativePath(Repository.Source, file).Split(Path.DirectorySeparatorChar)[1..^1]
                .Concat(Declaration().Matches(File.ReadAllText(file)).Select(declaration => declaration.Groups[1].Value))
                .Select(name => (Folder: TopFolder(file), Name: name)))
            .ToHashSet();
        var offences =
            from file in SourceFiles()
            let folder = TopFolder(file)
            from Match use in RelativeUse().Matches(File.ReadAllText(file))
            let used = use.Groups[1].Value
            where names.Contains((used, use.Groups[2].Value)) && Array.IndexOf(Order, used) > Array.IndexOf(Order, folder)
            select $"{Path.GetRelativePath(Repository.Source, file)} uses {use.Value}";
        Assert.Empty(offences);
    }

    [Fact]
    public void A_part_of_the_pool_uses_only_those_to_its_left()
    {
        var offences =
            from file in SourceFiles()
            let path = Path.GetRelativePath(Repository.Source, file).Split(Path.DirectorySeparatorChar)
            where path is ["Pool", _, _]
            from Match use in PoolUse().Matches(File.ReadAllText(file))
            let used = use.Groups[1].Value
            where Array.IndexOf(PoolOrder, used) > Array.IndexOf(PoolOrder, path[1])
            select $"{Path.GetFileNameWithoutExtension(file)} uses {used}";
        Assert.Empty(offences);
        Assert.All(Directory.EnumerateDirectories(Path.Combine(Repository.Source, "Pool")), folder => Assert.Contains(Path.GetFileName(folder), PoolOrder));
    }

    // By a static that changes, what is left can be told by what is right. These are there; the list is to become shorter.
    [Fact]
    public void No_other_static_changes()
    {
        string[] known =
        [
            "CallerLocation.last", "ClientRegistry.latest", "ClientRegistry.lostByDefault", "ClientRegistry.undelivered", "EngineStyle.known", "ErrorMapper.ownFrame", "FaultPoint.Reached", "JobProcess.recognized", "MessageTemplate.recent",
            "ModuleState.inheritedAddress", "PoolJob.ending", "PoolProgress.lastId", "PoolRegistry.lastNumber", "ProcessContext.EndsUnasked", "ProcessContext.Ending",
            "ProcessContext.HandedOver", "ProcessContext.Identity", "ProcessContext.item", "ProcessContext.Thread", "ProcessGroup.isLeader",
            "RecordEncoder.scratch", "StartupHook.begun", "ValueSerializer.graphReader", "ValueSerializer.graphWriter",
        ];
        var found =
            from assembly in new[] { typeof(LogClient).Assembly, typeof(QueueLogCommand).Assembly }
            from type in assembly.GetTypes()
            where !type.FullName!.Contains('<', StringComparison.Ordinal)
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where !field.IsInitOnly && !field.IsLiteral && !field.Name.StartsWith("<>", StringComparison.Ordinal)
            select $"{type.Name}.{PropertyOf().Replace(field.Name, "$1")}";
        Assert.Equal(known.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
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
    [GeneratedRegex(@"(?<!["".])\bQueueLog\.(\w+)\b")]
    private static partial Regex Use();

    [GeneratedRegex(@"(?<!["".])\bQueueLog\.Pool\.(\w+)\b")]
    private static partial Regex PoolUse();

    [GeneratedRegex(@"\b(?:class|struct|record|enum|interface) ([A-Z]\w*)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<![\w.""])([A-Z]\w+)\.([A-Z]\w+)\b")]
    private static partial Regex RelativeUse();

    // What holds a property's value.
    [GeneratedRegex("^<(.*)>.*$")]
    private static partial Regex PropertyOf();
}
