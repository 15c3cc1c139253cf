using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.PowerShell.Queue;

namespace QueueLog.PowerShell.Completion;

/// <summary>Completes the names of this session's hosts.</summary>
public sealed class HostNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from host in HostRegistry.Matching("*")
        let entry = host.Entry
        where CompletionText.Fits(entry.Host, wordToComplete)
        select CompletionText.Result(entry.Host, $"{entry.Slots} slots");
}
