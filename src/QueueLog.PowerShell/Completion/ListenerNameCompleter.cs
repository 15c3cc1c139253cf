using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Completion;

/// <summary>Completes the names of this session's listeners.</summary>
public sealed class ListenerNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from listener in ModuleState.Running
        where CompletionText.Fits(listener.Name, wordToComplete)
        select new CompletionResult(listener.Name, listener.Name, CompletionResultType.ParameterValue, listener.Path ?? listener.Name);
}
