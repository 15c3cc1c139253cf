using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.Reading.Foreign;

namespace QueueLog.PowerShell.Completion;

/// <summary>Completes the names of the known formats of other programs.</summary>
public sealed class LinePatternCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        LinePatterns.Names.Where(name => name.StartsWith(wordToComplete, StringComparison.OrdinalIgnoreCase)).Select(name => new CompletionResult(name));
}
