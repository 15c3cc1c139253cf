using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using QueueLog.Records;

namespace QueueLog.PowerShell;

/// <summary>Finds the <c>$using:</c> expressions of a script block and takes their values from the session.</summary>
internal static class UsingValues
{
    /// <summary>Adds the values a script block needs.</summary>
    /// <returns>The error that keeps one from being had; null when all are there.</returns>
    public static ErrorRecord? Collect(ScriptBlock script, SessionState session, List<NamedValue> values)
    {
        foreach (var found in script.Ast.FindAll(static ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true))
        {
            var expression = (UsingExpressionAst)found;
            var key = KeyOf(expression);
            if (values.Exists(value => value.Name == key))
            {
                continue;
            }

            if (!TryEvaluate(expression, session, out var result))
            {
                return Errors.UsingVariableUndefined(expression.Extent.Text);
            }

            try
            {
                values.Add(new NamedValue(key, ValueSerializer.ToBytes(result)));
            }
            catch (ValueNotSerializableException e)
            {
                return Errors.ArgumentNotSerializable($"The value of '{expression.Extent.Text}'", result, e);
            }
        }

        return null;
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
