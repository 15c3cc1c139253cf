using System.Management.Automation;
using System.Management.Automation.Language;
using QueueLog.Diagnostics;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;
using QueueLog.Sinks.Queued;

namespace QueueLog.PowerShell.Sinks;

/// <summary>Runs a script block for each record, or, if it takes an array, for many at once.</summary>
internal sealed class ScriptConsumer : IRecordConsumer
{
    private const string Verb = "run the script of";

    // No try: an error that ends a statement must not end the record's run, as it would not end a script. One that ends the run
    // ends the pipeline, and the next one goes on behind the record. The loop is for a stray break or continue.
    private const string EachScript = """
        param($__QueueLogBlock, $__QueueLogRecords, $__QueueLogNamed)
        $__QueueLogRecords | & { process { do { $null = & $__QueueLogBlock $_ @__QueueLogNamed } while ($false) } }
        """;

    // For a block with a process block of its own, and one that says that it takes no arguments.
    private const string PipedScript = """
        param($__QueueLogBlock, $__QueueLogRecords, $__QueueLogNamed)
        $null = $__QueueLogRecords | & $__QueueLogBlock @__QueueLogNamed
        """;

    private const string UnnamedScript = """
        param($__QueueLogBlock, $__QueueLogRecords, $__QueueLogNamed)
        $__QueueLogRecords | & { process { do { $null = & $__QueueLogBlock @__QueueLogNamed } while ($false) } }
        """;

    private const string BatchScript = """
        param($__QueueLogBlock, $__QueueLogRecords, $__QueueLogNamed)
        do { $null = & $__QueueLogBlock $__QueueLogRecords @__QueueLogNamed } while ($false)
        """;

    private readonly SinkRunspace session;
    private readonly ScriptBlock block;
    private readonly string script;
    private readonly bool takesMany;

    public ScriptConsumer(SinkRunspace session, ScriptBlock block)
    {
        this.session = session;
        this.block = block;
        var ast = (ScriptBlockAst)block.Ast;
        takesMany = ast.ParamBlock?.Parameters is [{ } first, ..] && IsList(first.StaticType);
        script = takesMany ? BatchScript
            : ast.ProcessBlock is not null ? PipedScript
            : ast.ParamBlock?.Parameters is { Count: 0 } ? UnnamedScript
            : EachScript;
    }

    public void Consume(IReadOnlyList<LogRecord> records, SinkMetrics metrics)
    {
        if (takesMany)
        {
            ConsumeAll([.. records], metrics);
            return;
        }

        var feed = new RecordFeed(records, () => metrics.CountWritten(1));
        while (feed.HasMore && !session.IsStopping)
        {
            try
            {
                Run(feed, metrics);
                if (feed.IsUnderWay)
                {
                    // The script has ended the pipeline with this record: by exit, say.
                    metrics.CountWritten(1);
                }
            }
            catch (Exception) when (session.IsStopping)
            {
                // Whatever it was, it is no fault of the script's.
            }
            catch (Exception e)
            {
                metrics.Fail(Verb, FailureSeverity.Permanent, e, feed.IsUnderWay ? 1 : 0);
            }

            feed.End();
        }
    }

    private static bool IsList(Type type) => type.IsArray || (type != typeof(string) && typeof(System.Collections.IEnumerable).IsAssignableFrom(type));

    private void ConsumeAll(LogRecord[] records, SinkMetrics metrics)
    {
        if (records.Length == 0)
        {
            return;
        }

        try
        {
            Run(records, metrics);
            metrics.CountWritten(records.Length);
        }
        catch (Exception) when (session.IsStopping)
        {
        }
        catch (Exception e)
        {
            metrics.Fail(Verb, FailureSeverity.Permanent, e, records.Length);
        }
    }

    private void Run(object records, SinkMetrics metrics) =>
        session.Run(script, error => metrics.Fail(Verb, FailureSeverity.Temporary, error.Exception, lost: 0), block, records, session.Named);
}
