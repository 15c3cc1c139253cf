using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.Formatting;

namespace QueueLog.PowerShell.Completion;

/// <summary>Completes the tokens of a template.</summary>
public sealed class TemplateCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var template = wordToComplete.Trim('\'', '"');
        var open = template.LastIndexOf('{');
        var isOpen = open >= 0 && template.IndexOf('}', open) < 0;
        var start = isOpen ? template[..open] : template;
        var name = isOpen ? template[(open + 1)..] : "";
        for (var field = TemplateField.Timestamp; field < TemplateField.Property; field++)
        {
            var token = field.ToString();
            if (token.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                yield return new CompletionResult(CompletionText.Quote($"{start}{{{token}}}"), $"{{{token}}}", CompletionResultType.ParameterValue, $"{start}{{{token}}}");
            }
        }
    }
}
