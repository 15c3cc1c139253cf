using System.Collections.Concurrent;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using QueueLog.Records;

namespace QueueLog.PowerShell.Session;

/// <summary>Script blocks to text and place, and back: errors then name the line that was written, and <c>$PSScriptRoot</c> is there.</summary>
internal static class LocatedScript
{
    // Blocks that were parsed, with what the engine has compiled of them since: the calls of a warm pool bring the same ones
    // again and again. The engine keeps those without a place itself.
    private const int MostParsed = 100;
    private static readonly ConcurrentDictionary<string, ScriptBlock> Parsed = new(StringComparer.Ordinal);

    /// <summary>Tells where the text of a block begins, which is behind its brace.</summary>
    public static ScriptLocation LocationOf(ScriptBlock block)
    {
        var ast = block.Ast;
        if (ast is FunctionDefinitionAst function)
        {
            // Of parameters in parentheses the engine makes a param() in front of the body: the lines are right, the first columns cannot be.
            var isWhole = function.Parameters is null or { Count: 0 };
            var place = LocationOf(function.Body, skip: 1);
            return isWhole || place.File.Length == 0 ? place : place with { Column = 1, Namespaces = [] };
        }

        return LocationOf(ast, skip: ast.Parent is null ? 0 : 1);
    }

    /// <summary>Tells where a part of a script begins.</summary>
    public static ScriptLocation LocationOf(Ast ast, int skip = 0)
    {
        var extent = ast.Extent;
        var namespaces = NamespacesAbove(ast);
        return string.IsNullOrEmpty(extent.File)
            ? ScriptLocation.None with { Namespaces = namespaces }
            : new ScriptLocation { File = extent.File, Line = extent.StartLineNumber, Column = extent.StartColumnNumber + skip, Namespaces = namespaces };
    }

    /// <summary>Makes the script block whose text stood at a place.</summary>
    /// <exception cref="ParseException">It does not parse here.</exception>
    public static ScriptBlock ToScriptBlock(string text, ScriptLocation place)
    {
        if (place.File.Length == 0 && place.Namespaces.Length == 0)
        {
            return ScriptBlock.Create(text);
        }

        return Parse(Pad(text, place), place, static ast => ast.GetScriptBlock());
    }

    /// <summary>Makes the script block that is a value: its text is what was written, without the room above it.</summary>
    /// <exception cref="ParseException">It does not parse here.</exception>
    public static ScriptBlock ToValue(string text, ScriptLocation place) =>
        place.Column < 2
            ? ToScriptBlock(text, place)
            : Parse(
                Pad("{" + text + "}", place with { Column = place.Column - 1 }),
                place,
                static ast => ((ScriptBlockExpressionAst)ast.Find(static part => part is ScriptBlockExpressionAst, searchNestedScriptBlocks: false)!).ScriptBlock.GetScriptBlock());

    private static ScriptBlock Parse(string padded, ScriptLocation place, Func<ScriptBlockAst, ScriptBlock> toBlock)
    {
        var key = $"{place.File}\0{padded}";
        if (!Parsed.TryGetValue(key, out var block))
        {
            var ast = Parser.ParseInput(padded, place.File.Length == 0 ? null : place.File, out _, out var errors);
            block = errors.Length == 0 ? toBlock(ast) : throw new ParseException(errors);
            if (Parsed.Count >= MostParsed)
            {
                Parsed.Clear();
            }

            Parsed.TryAdd(key, block);
        }

        return block;
    }

    /// <summary>Lets go of the blocks that were parsed: types that they name have been defined anew.</summary>
    public static void Forget() => Parsed.Clear();

    // The using statements stood above the text, in at least as much room as they take here.
    private static string Pad(string text, ScriptLocation place)
    {
        var padded = new StringBuilder(text.Length + place.Line + place.Column);
        foreach (var name in place.Namespaces)
        {
            padded.Append("using namespace ").Append(name).Append(';');
        }

        if (place.Line > 1)
        {
            padded.Append('\n', place.Line - 1).Append(' ', place.Column - 1);
        }
        else if (padded.Length < place.Column - 1)
        {
            padded.Append(' ', place.Column - 1 - padded.Length);
        }

        return padded.Append(text).ToString();
    }

    private static string[] NamespacesAbove(Ast ast)
    {
        if (ast.Parent is null)
        {
            // A whole script has them in its own text.
            return [];
        }

        while (ast.Parent is { } parent)
        {
            ast = parent;
        }

        return ast is not ScriptBlockAst { UsingStatements.Count: > 0 } root
            ? []
            : [.. root.UsingStatements.Where(statement => statement is { UsingStatementKind: UsingStatementKind.Namespace, Alias: null, Name: not null }).Select(statement => statement.Name.Value)];
    }
}
