using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace QueueLog.PowerShell.Completion;

/// <summary>Shows how a time may be written.</summary>
public sealed class TimeCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var now = DateTime.Now;
        (string Text, string Meaning)[] times =
        [
            ("10m", "10 minutes ago"),
            ("1h", "an hour ago"),
            ("1d", "a day ago"),
            (now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), "today at midnight"),
            (now.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture), "now"),
        ];
        return from time in times
               where CompletionText.Fits(time.Text, wordToComplete)
               select new CompletionResult(time.Text, time.Text, CompletionResultType.ParameterValue, time.Meaning);
    }
}
