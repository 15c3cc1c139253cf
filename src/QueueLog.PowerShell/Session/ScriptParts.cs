using System.Management.Automation.Language;
using System.Runtime.CompilerServices;

namespace QueueLog.PowerShell.Session;

/// <summary>
/// What of a script has to be looked for in all of it. Found once and kept as long as the script is: the calls of a warm pool bring
/// the same one again and again.
/// </summary>
internal sealed class ScriptParts
{
    private static readonly ConditionalWeakTable<Ast, ScriptParts> Known = new();

    private ScriptParts(Ast script)
    {
        var parts = script.FindAll(static ast => ast is UsingExpressionAst or CommandAst, searchNestedScriptBlocks: true).ToList();
        UsingExpressions = [.. parts.OfType<UsingExpressionAst>()];
        CommandNames =
        [
            .. parts.OfType<CommandAst>()
                .Select(static command => command.GetCommandName())
                .Where(static name => !string.IsNullOrEmpty(name))
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>Its <c>$using:</c> expressions, in their order.</summary>
    public UsingExpressionAst[] UsingExpressions { get; }

    /// <summary>What it calls by constant names, each once.</summary>
    public string[] CommandNames { get; }

    public static ScriptParts Of(Ast script) => Known.GetValue(script, static script => new ScriptParts(script));
}
