using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.PowerShell.Engine;
using QueueLog.Reading;
using QueueLog.Reading.Checks;

namespace QueueLog.PowerShell.Commands;

/// <summary>Tells whether logs are complete and in order: an object for each process, and one for each file.</summary>
[Cmdlet(VerbsDiagnostic.Test, "QueueLog", DefaultParameterSetName = "Path")]
[OutputType(typeof(CheckResult), typeof(bool))]
public sealed class TestQueueLogCommand : LogReadingCommand
{
    /// <summary>Only true or false: whether everything is there, once and in order, or the log tells what is not.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    private protected override void Read(string[] found)
    {
        var query = QueryAll();
        var isGood = !IsMissing;
        foreach (var log in found)
        {
            isGood &= Check(log, query);
        }

        if (Quiet)
        {
            WriteObject(isGood);
        }
    }

    private bool Check(string log, LogQuery query)
    {
        var results = new LogCheck(log, query).Run().ToArray();
        if (!Quiet)
        {
            Views.Load();
            WriteObject(results.Select(ShownObject.Of), enumerateCollection: true);
        }

        return results.All(result => result.Status is CheckStatus.Complete or CheckStatus.Explained);
    }
}
