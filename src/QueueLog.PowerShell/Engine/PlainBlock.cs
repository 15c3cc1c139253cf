using System.Management.Automation;
using System.Management.Automation.Language;

namespace QueueLog.PowerShell.Engine;

/// <summary>Blocks that can be called without a pipeline of their own: their arguments are taken as they are, and they do not look at how they were called.</summary>
internal static class PlainBlock
{
    // What a call of the other kind sets otherwise.
    private static readonly HashSet<string> OfCalls = new(StringComparer.OrdinalIgnoreCase) { "MyInvocation", "PSCmdlet", "PSBoundParameters", "input", "this" };

    public static bool Is(ScriptBlock block) =>
        block.Ast is ScriptBlockAst { DynamicParamBlock: null, BeginBlock: null, ProcessBlock: null, EndBlock.Unnamed: true, ScriptRequirements: null } script
        && (script.ParamBlock is null || IsPlain(script.ParamBlock))
        && script.Find(static ast => ast is VariableExpressionAst variable && OfCalls.Contains(variable.VariablePath.UserPath), searchNestedScriptBlocks: true) is null;

    // A type or any other condition is the parameter binder's matter, and so are the errors it has.
    private static bool IsPlain(ParamBlockAst parameters)
    {
        if (parameters.Attributes.Count > 0)
        {
            return false;
        }

        foreach (var parameter in parameters.Parameters)
        {
            if (parameter.Attributes.Count > 0)
            {
                return false;
            }
        }

        return true;
    }
}
