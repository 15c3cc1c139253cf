using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommon.New, "TimeSpan", DefaultParameterSetName = "Dates")]
public sealed class NewTimeSpanCommand : PSCmdlet
{
    [Parameter(Position = 0, ParameterSetName = "Dates", ValueFromPipeline = true)]
    public DateTime? Start { get; set; }

    [Parameter(Position = 1, ParameterSetName = "Dates")]
    public DateTime? End { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Days { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Hours { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Minutes { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Seconds { get; set; }

    [Parameter(ParameterSetName = "Parts")]
    public int Milliseconds { get; set; }

    protected override void ProcessRecord()
    {
        var now = DateTime.Now;
        WriteObject(ParameterSetName == "Parts"
            ? new TimeSpan(Days, Hours, Minutes, Seconds, Milliseconds)
            : (End ?? now) - (Start ?? now));
    }
}
