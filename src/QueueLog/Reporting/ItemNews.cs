using System.Globalization;
using System.Text.RegularExpressions;

namespace QueueLog.Reporting;

/// <summary>What a record of a pool, or of its worker, says of the end of an item, read from its message.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Took">Ticks that it took; 0 where that is not said.</param>
/// <param name="Error">What went wrong; empty where that is not said.</param>
/// <param name="Input">The item's input, as far as that is said.</param>
internal sealed partial record ItemNews(ReportStatus Status, long Took, string Error, string Input)
{
    public static ItemNews? Parse(string message)
    {
        if (!message.StartsWith("item ", StringComparison.Ordinal))
        {
            return null;
        }

        if (Ended().Match(message) is { Success: true } ended)
        {
            var status = ended.Groups["end"].ValueSpan switch
            {
                "completed in" => ReportStatus.Completed,
                "failed after" => ReportStatus.Failed,
                _ => ReportStatus.Stopped,
            };
            var milliseconds = double.Parse(ended.Groups["ms"].ValueSpan, CultureInfo.InvariantCulture);
            return new ItemNews(status, (long)(milliseconds * TimeSpan.TicksPerMillisecond), ended.Groups["error"].Value, ended.Groups["input"].Value);
        }

        return Lost().Match(message) is { Success: true } lost
            ? new ItemNews(lost.Groups["long"].Success ? ReportStatus.TimedOut : lost.Groups["died"].Success ? ReportStatus.Crashed : ReportStatus.Failed, 0, message, lost.Groups["input"].Value)
            : null;
    }

    [GeneratedRegex(@"^item \d+(?:, '(?<input>.*?)',)? (?<end>completed in|failed after|was stopped after) (?<ms>\d+(?:\.\d+)?) ms(?:: (?<error>.*))?$", RegexOptions.Singleline)]
    private static partial Regex Ended();

    [GeneratedRegex(@"^item \d+(?:, '(?<input>.*?)',)? (?:(?<long>took longer than .*)|(?<died>failed: its worker died)|failed: it cannot be sent .*)$", RegexOptions.Singleline)]
    private static partial Regex Lost();
}
