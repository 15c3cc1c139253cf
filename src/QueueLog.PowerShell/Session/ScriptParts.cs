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
        var parts = script.FindAll(static ast => ast is UsingExpressionAst or CommandAst or TypeExpressionAst or TypeConstraintAst or StringConstantExpressionAst or VariableExpressionAst or AssignmentStatementAst or ParameterAst or ForEachStatementAst, searchNestedScriptBlocks: true).ToList();
        UsingExpressions = [.. parts.OfType<UsingExpressionAst>()];
        CommandNames =
        [
            .. parts.OfType<CommandAst>()
                .Select(static command => command.GetCommandName())
                .Where(static name => !string.IsNullOrEmpty(name))
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        var assigned = new HashSet<string>(parts.Select(AssignedBy).OfType<string>(), StringComparer.OrdinalIgnoreCase);
        var read = parts.OfType<VariableExpressionAst>().Where(static variable => variable.Parent is not UsingExpressionAst).Select(static variable => variable.VariablePath).ToList();
        ScriptVariables =
        [
            .. read.Where(path => path.IsScript && !assigned.Contains(path.UserPath))
                .Select(static path => path.UserPath[(path.UserPath.IndexOf(':', StringComparison.Ordinal) + 1)..])
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        FreeVariables =
        [
            .. read.Where(path => path is { IsUnqualified: true, IsVariable: true } && !assigned.Contains(path.UserPath))
                .Select(static path => path.UserPath)
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];
        TypeNames = new HashSet<string>(parts.SelectMany(NamesIn), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Its <c>$using:</c> expressions, in their order.</summary>
    public UsingExpressionAst[] UsingExpressions { get; }

    /// <summary>What it calls by constant names, each once.</summary>
    public string[] CommandNames { get; }

    /// <summary>Names of the variables of the script or module that it uses and does not assign first.</summary>
    public string[] ScriptVariables { get; }

    /// <summary>Names of the variables of no scope that it uses and does not assign.</summary>
    public string[] FreeVariables { get; }

    /// <summary>What may be names of types in it: also texts, such as the argument of New-Object.</summary>
    public HashSet<string> TypeNames { get; }

    public static ScriptParts Of(Ast script) => Known.GetValue(script, static script => new ScriptParts(script));

    private static string? AssignedBy(Ast part) => part switch
    {
        AssignmentStatementAst { Operator: TokenKind.Equals } assignment => VariableIn(assignment.Left)?.VariablePath.UserPath,
        ParameterAst parameter => parameter.Name.VariablePath.UserPath,
        ForEachStatementAst loop => loop.Variable.VariablePath.UserPath,
        _ => null,
    };

    private static VariableExpressionAst? VariableIn(ExpressionAst target) => target switch
    {
        VariableExpressionAst variable => variable,
        AttributedExpressionAst attributed => VariableIn(attributed.Child),
        _ => null,
    };

    private static IEnumerable<string> NamesIn(Ast part) => part switch
    {
        TypeExpressionAst expression => NamesIn(expression.TypeName),
        TypeConstraintAst constraint => NamesIn(constraint.TypeName),
        StringConstantExpressionAst text => [text.Value],
        _ => [],
    };

    private static IEnumerable<string> NamesIn(ITypeName name) => name switch
    {
        ArrayTypeName array => NamesIn(array.ElementType),
        GenericTypeName generic => generic.GenericArguments.SelectMany(NamesIn).Prepend(generic.TypeName.Name),
        _ => [name.Name],
    };
}
