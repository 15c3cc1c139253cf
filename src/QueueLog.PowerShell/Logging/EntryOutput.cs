using System.Management.Automation;
using QueueLog.PowerShell.Engine;
using QueueLog.Reading;

namespace QueueLog.PowerShell.Logging;

/// <summary>Writes entries to a command's output: those a script block wants, and no more than asked for.</summary>
internal sealed class EntryOutput(Cmdlet command, ScriptBlock? where, int most)
{
    private int left = most;

    /// <param name="entries">In their order.</param>
    /// <param name="tail">Only so many of the last; null for all.</param>
    /// <returns>False when no more is wanted.</returns>
    public bool Write(IEnumerable<LogEntry> entries, int? tail = null)
    {
        var wanted = where is null ? entries : entries.Where(entry => IsWanted(where, entry));
        foreach (var entry in tail is { } count ? Last(wanted, count) : wanted)
        {
            command.WriteObject(ShownObject.Of(entry));
            if (--left == 0)
            {
                return false;
            }
        }

        return true;
    }

    // Of none the entries are passed over all the same: what is new begins behind them.
    private static IEnumerable<LogEntry> Last(IEnumerable<LogEntry> entries, int count) =>
        count > 0 ? entries.TakeLast(count) : entries.Where(static _ => false);

    private static bool IsWanted(ScriptBlock where, LogEntry entry)
    {
        var results = where.InvokeWithContext(null, [new PSVariable("_", entry)], entry);
        return LanguagePrimitives.IsTrue(results.Count == 1 ? results[0] : results.Count > 0);
    }
}
