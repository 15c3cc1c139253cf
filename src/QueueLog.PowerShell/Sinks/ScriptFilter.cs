using System.Management.Automation;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;
using QueueLog.Sinks.Queued;

namespace QueueLog.PowerShell.Sinks;

/// <summary>Runs a script block that says which records are wanted, as Where-Object does.</summary>
internal sealed class ScriptFilter(SinkRunspace session, ScriptBlock block) : IRecordFilter
{
    // Any error is one: a filter that cannot say no means yes.
    private const string Script = """
        param($__QueueLogBlock, $__QueueLogRecords, $__QueueLogNamed, $__QueueLogVerdicts, $__QueueLogFailed)
        $ErrorActionPreference = 'Stop'
        $__QueueLogRecords | & {
            process {
                try {
                    $__QueueLogVerdicts.Add([bool] (& $__QueueLogBlock @__QueueLogNamed))
                }
                catch {
                    $__QueueLogVerdicts.Add($true)
                    $__QueueLogFailed.Invoke($_)
                }
            }
        }
        """;

    public IReadOnlyList<bool> Judge(IReadOnlyList<LogRecord> records, Action<Exception> failed)
    {
        var verdicts = new List<bool>(records.Count);
        var feed = new RecordFeed(records, static () => { });
        var told = new Action<ErrorRecord>(error => failed(error.Exception));
        while (feed.HasMore && !session.IsStopping)
        {
            try
            {
                session.Run(Script, told, block, feed, session.Named, verdicts, told);
            }
            catch (Exception) when (session.IsStopping)
            {
                break;
            }
            catch (Exception e)
            {
                failed(e);
            }

            if (feed.IsUnderWay)
            {
                // It has ended the pipeline without a word: by exit or break.
                verdicts.Add(true);
                feed.End();
            }
        }

        while (verdicts.Count < records.Count)
        {
            verdicts.Add(true);
        }

        return verdicts;
    }
}
