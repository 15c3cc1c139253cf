using System.Management.Automation;
using System.Management.Automation.Language;
using System.Runtime.CompilerServices;
using System.Text;
using QueueLog.Records;

namespace QueueLog.PowerShell.Session;

/// <summary>
/// Finds the classes and enumerations that stand in the files of scripts: the enumerations, whose values may be items, and the classes
/// that the scripts use, with those these use in turn; and the modules that a file takes such from, by <c>using module</c>.
/// </summary>
internal sealed class TypeExporter
{
    private static readonly ConditionalWeakTable<ScriptBlockAst, TypeDefinitionAst[]> Known = new();

    private readonly Dictionary<ScriptBlockAst, SortedDictionary<int, TypeDefinitionAst>> carried = [];
    private readonly HashSet<ScriptBlockAst> usesModules = [];

    /// <summary>The types of each file, in their places in a text that is empty otherwise: errors name the lines that were written.</summary>
    public CarriedScript[] Scripts => [.. carried.Where(types => types.Value.Count > 0 || usesModules.Contains(types.Key)).Select(static types => ToScript(types.Key, types.Value.Values))];

    /// <summary>Adds what a part of a file uses.</summary>
    /// <returns>The classes that are carried for it and were not before: they use commands like any script.</returns>
    public IEnumerable<Ast> Add(Ast script)
    {
        if (script.Parent is null)
        {
            // A whole file has its types in its own text.
            yield break;
        }

        Ast root = script;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        if (root is not ScriptBlockAst file)
        {
            yield break;
        }

        var all = Known.GetValue(file, TypesOf);
        var hasModules = file.UsingStatements.Any(static statement => statement.UsingStatementKind == UsingStatementKind.Module);
        if (all.Length == 0 && !hasModules)
        {
            yield break;
        }

        if (!carried.TryGetValue(file, out var types))
        {
            carried.Add(file, types = []);
            foreach (var type in all.Where(static type => type.IsEnum))
            {
                types.Add(type.Extent.StartOffset, type);
            }
        }

        var names = ScriptParts.Of(script).TypeNames;
        if (hasModules && names.Any(IsOfScript))
        {
            usesModules.Add(file);
        }

        foreach (var type in all.Where(type => names.Contains(type.Name)))
        {
            if (types.TryAdd(type.Extent.StartOffset, type))
            {
                yield return type;
            }
        }
    }

    // Such a type is known where the file runs, or nowhere; any other is known everywhere.
    private static bool IsOfScript(string name) => new PSTypeName(name).Type is null or { Assembly.IsDynamic: true };

    private static TypeDefinitionAst[] TypesOf(ScriptBlockAst file) =>
        [.. new[] { file.BeginBlock, file.ProcessBlock, file.EndBlock }.SelectMany(static block => block?.Statements ?? Enumerable.Empty<StatementAst>()).OfType<TypeDefinitionAst>()];

    private static CarriedScript ToScript(ScriptBlockAst file, IEnumerable<TypeDefinitionAst> types)
    {
        var all = file.Extent.Text;
        var start = file.Extent.StartOffset;
        var text = new StringBuilder(all.Length);
        foreach (var part in file.UsingStatements.Concat<Ast>(types))
        {
            for (var i = text.Length; i < part.Extent.StartOffset - start; i++)
            {
                text.Append(all[i] is '\n' or '\r' ? all[i] : ' ');
            }

            text.Append(part.Extent.Text);
        }

        return new CarriedScript(text.ToString(), LocatedScript.LocationOf(file));
    }
}
