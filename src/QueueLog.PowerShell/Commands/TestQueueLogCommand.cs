using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.Reading;
using QueueLog.Reading.Checks;

namespace QueueLog.PowerShell.Commands;

/// <summary>Tells whether logs are complete and in order: an object for each process, and one for each file.</summary>
[Cmdlet(VerbsDiagnostic.Test, "QueueLog", DefaultParameterSetName = "Path")]
[OutputType(typeof(CheckResult), typeof(bool))]
public sealed class TestQueueLogCommand : LogReadingCommand
{
    /// <summary>Only true or false: whether everything is there, once and in order, or the log tells what is not. Nothing where a log cannot tell.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void Read(string[] found)
    {
        var query = QueryAll();
        var statuses = new List<CheckStatus>();
        foreach (var log in found)
        {
            var results = new LogCheck(log, query).Run().ToArray();
            statuses.AddRange(results.Select(result => result.Status));
            if (!Quiet)
            {
                Views.Load();
                WriteObject(results.Select(ShownObject.Of), enumerateCollection: true);
            }
            else if (Array.Find(results, result => result.Status == CheckStatus.Unchecked) is { } unknown)
            {
                WriteWarning(LogWarnings.NotCheckable(log, unknown.Note));
            }
        }

        if (!Quiet)
        {
            return;
        }

        if (IsMissing || statuses.Exists(status => status is CheckStatus.Incomplete or CheckStatus.Disordered))
        {
            WriteObject(false);
        }
        else if (!statuses.Contains(CheckStatus.Unchecked))
        {
            WriteObject(true);
        }
    }
}
