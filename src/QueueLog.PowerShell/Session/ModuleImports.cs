using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.Records;

namespace QueueLog.PowerShell.Session;

/// <summary>
/// The modules whose commands scripts use, to be imported by a worker as the session has imported them: what would only be found by its
/// name there could be another's, and would be loaded within an item's time.
/// </summary>
internal sealed class ModuleImports
{
    private readonly List<Import> imports = [];

    /// <summary>Adds a command of the session.</summary>
    /// <param name="module">Its module.</param>
    /// <param name="file">What to import that from.</param>
    /// <param name="command">The command.</param>
    public void Add(PSModuleInfo module, string file, CommandInfo command) => Add(module, file, PrefixOf(command), command.Name);

    /// <summary>Adds a command of a module that the session has not loaded.</summary>
    public void Add(string file, string command) => Add(null, file, "", command);

    /// <summary>Those modules, in an order in which each name means the command that the session means by it: the last import wins.</summary>
    public List<CarriedModule> InOrder()
    {
        var left = imports.ToList();
        var ordered = new List<CarriedModule>();
        while (left.Count > 0)
        {
            // The last is one that hides no command which is used of another; where all do, there is no such order.
            var last = left.FindLast(import => left.TrueForAll(other => other == import || !other.Commands.Exists(import.Exports))) ?? left[^1];
            left.Remove(last);
            ordered.Insert(0, new CarriedModule(last.File, last.Prefix, last.Module is null ? [] : ArgumentsOf(last.Module), [.. last.Commands]));
        }

        return ordered;
    }

    // The engine remembers it nowhere else in a public way.
    private static string PrefixOf(CommandInfo command)
    {
        if (command is AliasInfo { ResolvedCommand: { } target })
        {
            return PrefixOf(target);
        }

        var original = command switch
        {
            CmdletInfo { ImplementingType: { } type } => Attribute.GetCustomAttribute(type, typeof(CmdletAttribute)) is CmdletAttribute named ? $"{named.VerbName}-{named.NounName}" : "",
            FunctionInfo { ScriptBlock.Ast: FunctionDefinitionAst definition } => definition.Name[(definition.Name.IndexOf(':', StringComparison.Ordinal) + 1)..],
            _ => "",
        };
        var verb = original.IndexOf('-', StringComparison.Ordinal) + 1;
        var noun = original[verb..];
        return verb > 0 && command.Name.Length > original.Length
            && command.Name.StartsWith(original[..verb], StringComparison.OrdinalIgnoreCase) && command.Name.EndsWith(noun, StringComparison.OrdinalIgnoreCase)
                ? command.Name[verb..^noun.Length]
                : "";
    }

    // What a script module was given at its import stands in its session: what it has parameters for, in the order in which they were
    // bound, and the rest.
    private static byte[][] ArgumentsOf(PSModuleInfo module)
    {
        if (module.SessionState?.PSVariable is not { } variables || variables.GetValue("PSBoundParameters") is not IDictionary bound)
        {
            return [];
        }

        var rest = variables.GetValue("args") as object?[] ?? [];
        try
        {
            return [.. bound.Values.Cast<object?>().Concat(rest).Select(static value => SerializedValue.ToBytes(value))];
        }
        catch (ValueNotSerializableException)
        {
            // It must do without, as it does where it is found by its name.
            return [];
        }
    }

    private void Add(PSModuleInfo? module, string file, string prefix, string command)
    {
        var import = imports.Find(other => other.File == file && other.Prefix.Equals(prefix, StringComparison.OrdinalIgnoreCase));
        if (import is null)
        {
            import = new Import(module, file, prefix);
            imports.Add(import);
        }

        import.Commands.Add(command);
    }

    private sealed record Import(PSModuleInfo? Module, string File, string Prefix)
    {
        public List<string> Commands { get; } = [];

        public bool Exports(string command) => Module?.ExportedCommands.ContainsKey(command) == true;
    }
}
