using System.Diagnostics;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsDiagnostic.Measure, "Command")]
public sealed class MeasureCommandCommand : PSCmdlet
{
    private readonly List<object> _input = [];

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, Mandatory = true)]
    public ScriptBlock Expression { get; set; } = ScriptBlock.Create(string.Empty);

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _input.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        var watch = Stopwatch.StartNew();
        InvokeCommand.InvokeScript(useLocalScope: false, Expression, _input, args: null);
        WriteObject(watch.Elapsed);
    }
}
