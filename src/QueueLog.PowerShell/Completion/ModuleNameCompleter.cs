using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace QueueLog.PowerShell.Completion;

/// <summary>Completes the names of modules, as for Import-Module.</summary>
public sealed class ModuleNameCompleter : IArgumentCompleter
{
    private const string Command = "Import-Module -Name ";

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        CommandCompletion.CompleteInput(Command + wordToComplete, Command.Length + wordToComplete.Length, null).CompletionMatches;
}
