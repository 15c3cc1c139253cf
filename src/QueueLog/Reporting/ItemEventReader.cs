using System.Globalization;
using System.Text.RegularExpressions;
using QueueLog.Pool.Processes;
using QueueLog.Reading;

namespace QueueLog.Reporting;

/// <summary>Reads what records of a pool, or of its workers, say of items: by template and properties where the log shows them, else by the text.</summary>
internal sealed partial class ItemEventReader
{
    // Of a text that could be either, the first: what ends in words of others comes before what does not.
    private readonly KnownText[] texts =
    [
        new(ItemTexts.Failed, ReportStatus.Failed, isOfPool: false),
        new(ItemTexts.Completed, ReportStatus.Completed, isOfPool: false),
        new(ItemTexts.Stopped, ReportStatus.Stopped, isOfPool: false),
        new(ItemTexts.Started, ReportStatus.Unknown, isOfPool: false),
        new(ItemTexts.NotSent, ReportStatus.Failed, isOfPool: true),
        new(ItemTexts.TimedOut, ReportStatus.TimedOut, isOfPool: true),
        new(ItemTexts.Crashed, ReportStatus.Crashed, isOfPool: true),
        new(ItemTexts.Retried, ReportStatus.Unknown, isOfPool: true),
    ];

    /// <param name="entry">A record of the category of pools.</param>
    /// <param name="isOfWorker">Whether a worker wrote it, or the pool; null where the log does not show that.</param>
    public ItemEvent? Read(LogEntry entry, bool? isOfWorker)
    {
        if (entry.Item is null || !entry.Message.StartsWith("item ", StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var text in texts)
        {
            if (text.IsOfPool != isOfWorker && text.Read(entry) is { } valueOf && valueOf("Item") == entry.Item.Value.ToString(CultureInfo.InvariantCulture))
            {
                _ = double.TryParse(valueOf("Milliseconds"), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds);
                return new ItemEvent(text.Status, text.IsOfPool)
                {
                    Took = (long)(Math.Clamp(milliseconds, 0, TimeSpan.MaxValue.TotalMilliseconds / 2) * TimeSpan.TicksPerMillisecond),
                    Error = text.IsOfPool && text.Status != ReportStatus.Unknown ? entry.Message : valueOf("Error"),
                    Input = valueOf("Input"),
                };
            }
        }

        return null;
    }

    private sealed partial class KnownText(string template, ReportStatus status, bool isOfPool)
    {
        private readonly Regex pattern = new("^" + Hole().Replace(Regex.Escape(template), PatternOf) + "$", RegexOptions.Singleline | RegexOptions.CultureInvariant);

        public ReportStatus Status => status;

        public bool IsOfPool => isOfPool;

        /// <summary>What gives the values of an entry of this template; null if it is of another.</summary>
        public Func<string, string>? Read(LogEntry entry)
        {
            if (entry.Template is not null)
            {
                return entry.Template == template ? name => Convert.ToString(entry.Properties[name], CultureInfo.InvariantCulture) ?? "" : null;
            }

            var match = pattern.Match(entry.Message);
            return match.Success ? name => match.Groups[name].Value : null;
        }

        // An input may itself look like the end of a record, so it reaches as far as it can.
        private static string PatternOf(Match hole) => hole.Groups[1].Value is "Input" or "Error" or "Reason" ? $"(?<{hole.Groups[1].Value}>.*)" : $@"(?<{hole.Groups[1].Value}>[0-9.E+-]+)";

        [GeneratedRegex(@"\\\{(\w+)\}")]
        private static partial Regex Hole();
    }
}
