using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;

namespace QueueLog.PowerShell.Session;

/// <summary>Finds the <c>$using:</c> expressions of a script block and takes their values from the session.</summary>
internal static class UsingValues
{
    /// <summary>Adds the values a script block needs.</summary>
    /// <param name="script">The script block.</param>
    /// <param name="session">The session it was written in.</param>
    /// <param name="values">Takes the values.</param>
    /// <param name="blocks">Takes the script blocks that are values, or in values.</param>
    /// <param name="uncarried">Looks at the values.</param>
    /// <returns>The error that keeps one from being had; null when all are there.</returns>
    public static ErrorRecord? Collect(ScriptBlock script, SessionState session, List<NamedValue> values, List<ScriptBlock> blocks, UncarriedState uncarried) =>
        ForEach(script, session, key => values.Exists(value => value.Name == key), (text, key, result) =>
        {
            try
            {
                uncarried.AddValue($"'{text}'", result);
                values.Add(new NamedValue(key, SerializedValue.ToBytes(result, blocks)));
                return null;
            }
            catch (ValueNotSerializableException e)
            {
                return PoolErrors.ArgumentNotSerializable($"The value of '{text}'", result, e);
            }
        });

    /// <summary>Takes the values themselves, for another runspace of this process.</summary>
    /// <param name="script">The script block.</param>
    /// <param name="session">The session it was written in.</param>
    /// <param name="values">Takes the values. A script block among them is one of no session.</param>
    /// <param name="blocks">Takes the script blocks that are values.</param>
    /// <returns>The error that keeps one from being had; null when all are there.</returns>
    public static ErrorRecord? Read(ScriptBlock script, SessionState session, Hashtable values, List<ScriptBlock> blocks) =>
        ForEach(script, session, values.ContainsKey, (_, key, result) =>
        {
            if (RecordMapper.Unwrap(result) is ScriptBlock block)
            {
                // It would run where it was made, and wait for that session.
                blocks.Add(block);
                result = LocatedScript.ToScriptBlock(block.ToString(), LocatedScript.LocationOf(block));
            }

            values[key] = result;
            return null;
        });

    private static ErrorRecord? ForEach(ScriptBlock script, SessionState session, Func<string, bool> isKnown, Func<string, string, object?, ErrorRecord?> add)
    {
        foreach (var expression in ScriptParts.Of(script.Ast).UsingExpressions)
        {
            var key = KeyOf(expression);
            if (isKnown(key))
            {
                continue;
            }

            if (!TryEvaluate(expression, session, out var result))
            {
                if (IsInner(expression, script.Ast))
                {
                    // Of a block within: for whatever runs that in turn, a pool of the worker's own perhaps, it may be there.
                    continue;
                }

                return PoolErrors.UsingVariableUndefined(expression.Extent.Text);
            }

            if (add(expression.Extent.Text, key, result) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static bool IsInner(Ast ast, Ast outermost)
    {
        for (var parent = ast.Parent; parent is not null && parent != outermost; parent = parent.Parent)
        {
            if (parent is ScriptBlockExpressionAst or FunctionDefinitionAst)
            {
                return true;
            }
        }

        return false;
    }

    // The engine looks the value up by this; see PsUtils.GetUsingExpressionKey.
    private static string KeyOf(UsingExpressionAst expression)
    {
        var text = expression.Extent.Text;
        return Convert.ToBase64String(Encoding.Unicode.GetBytes(expression.SubExpression is VariableExpressionAst ? text.ToLowerInvariant() : text));
    }

    private static bool TryEvaluate(UsingExpressionAst expression, SessionState session, out object? value)
    {
        value = null;
        if (expression.SubExpression.Find(static ast => ast is VariableExpressionAst, searchNestedScriptBlocks: false) is not VariableExpressionAst root)
        {
            return false;
        }

        var path = root.VariablePath;
        if (path.IsVariable && session.PSVariable.Get(path.UserPath) is null && session.PSVariable.GetValue(path.UserPath) is null)
        {
            return false;
        }

        if (expression.SubExpression is VariableExpressionAst)
        {
            value = session.PSVariable.GetValue(path.UserPath);
            return true;
        }

        // $using:a.b[0] is evaluated as ${a}.b[0], in the session it was written in; the comma keeps a list whole.
        var text = expression.SubExpression.Extent.Text;
        var start = root.Extent.StartOffset - expression.SubExpression.Extent.StartOffset;
        var script = ScriptBlock.Create($",({text[..start]}${{{path.UserPath}}}{text[(start + root.Extent.Text.Length)..]})");
        var results = session.InvokeCommand.InvokeScript(session, script);
        value = results.Count == 1 ? results[0] : null;
        return true;
    }
}
