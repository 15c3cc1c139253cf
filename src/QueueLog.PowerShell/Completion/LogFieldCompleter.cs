using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.PowerShell.Logging;
using QueueLog.Reading;

namespace QueueLog.PowerShell.Completion;

/// <summary>Completes what the last records of a log have as process, worker or category. The log is the one that the command names, or the session's.</summary>
public sealed class LogFieldCompleter : IArgumentCompleter
{
    // Enough to have seen most of them, and read before anyone has noticed.
    private const int LastRecords = 5000;

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        from log in LogsOf(fakeBoundParameters)
        from entry in new LogReader(new LogQuery { Tail = LastRecords }).Read(log)
        let value = ValueOf(entry, parameterName)
        where !string.IsNullOrEmpty(value) && CompletionText.Fits(value, wordToComplete)
        group value by value into same
        orderby same.Key
        select CompletionText.Result(same.Key, $"{same.Count()} of the last records");

    private static string? ValueOf(LogEntry entry, string parameter) => parameter switch
    {
        "Process" => entry.Process,
        "Worker" => entry.Worker,
        _ => entry.Category,
    };

    private static IEnumerable<string> LogsOf(IDictionary bound)
    {
        var paths = LanguagePrimitives.ConvertTo<string[]>(bound["Path"] ?? bound["LiteralPath"] ?? Array.Empty<string>());
        if (paths.Length == 0)
        {
            return ModuleState.Default?.Path is { } own ? [own] : [];
        }

        var resolve = ScriptBlock.Create("$ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($args[0])");
        return [.. paths.Select(path => LanguagePrimitives.ConvertTo<string>(resolve.InvokeReturnAsIs(path))).Where(File.Exists)];
    }
}
