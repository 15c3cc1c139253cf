using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.PowerShell.Pool;

namespace QueueLog.PowerShell.Completion;

/// <summary>Completes the names of this session's pools: where a command needs a warm one, only of those.</summary>
public sealed class PoolNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from pool in PoolRegistry.Matching("*")
        where CompletionText.Fits(pool.Name, wordToComplete)
        where pool.StaysWarm || !(parameterName == "Pool" || commandName.EndsWith("Invoke-WorkerPool", StringComparison.OrdinalIgnoreCase))
        let state = pool.GetStatus()
        select CompletionText.Result(pool.Name, $"{state.State}, {state.Count} workers");
}
