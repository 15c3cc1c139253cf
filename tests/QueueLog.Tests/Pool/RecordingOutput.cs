using System.Management.Automation;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Pool;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool;

/// <summary>Writes down what reaches the streams, a line for each record.</summary>
internal sealed class RecordingOutput() : PoolOutput(null)
{
    public List<string> Lines { get; } = [];

    public List<object?> Objects { get; } = [];

    /// <summary>Called before each record is taken.</summary>
    public Action<string> Taking { get; set; } = static _ => { };

    /// <summary>What was written since the last call.</summary>
    public string ReadLines()
    {
        var lines = string.Join(", ", Lines);
        Lines.Clear();
        return lines;
    }

    public override void WriteProgress(ProgressRecord record, bool isOfItem) => Add($"progress {record.Activity}");

    protected override void WriteObject(object? value)
    {
        Objects.Add(value);
        Add($"{value}");
    }

    protected override void WriteError(ErrorRecord error) => Add($"error {error}");

    protected override void WriteText(WorkEntryKind kind, string text) => Add($"{kind} {text}");

    protected override void WriteInformation(InformationRecord information) => Add($"information {information}");

    private void Add(string line)
    {
        Taking(line);
        Lines.Add(line);
    }
}
