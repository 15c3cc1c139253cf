using System.Management.Automation;
using QueueLog.Reading;
using QueueLog.Reading.Measures;

namespace QueueLog.PowerShell.Commands;

/// <summary>Tells what is in logs, in numbers: records by level, process, category and minute, errors by template, the slowest items.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "QueueLog", DefaultParameterSetName = "Path")]
[OutputType(typeof(LogMeasure))]
public sealed class MeasureQueueLogCommand : LogReadingCommand
{
    private readonly LogMeter meter = new();

    /// <summary>Entries of Get-QueueLog, with its filters.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    public LogEntry[] InputObject { get; set; } = [];

    /// <summary>How many of the slowest items.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Slowest { get; set; } = 10;

    private protected override bool NeedsLog => ParameterSetName != "InputObject";

    /// <summary>Counts what is piped in, or gathers the logs.</summary>
    protected override void ProcessRecord()
    {
        base.ProcessRecord();
        Array.ForEach(InputObject, meter.Add);
    }

    private protected override void Read(string[] found)
    {
        var query = QueryAll();
        foreach (var entry in found.SelectMany(log => new LogReader(query).Read(log)))
        {
            meter.Add(entry);
        }

        WriteObject(meter.Read(Slowest));
    }
}
