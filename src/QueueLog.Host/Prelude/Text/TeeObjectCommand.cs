using System.Management.Automation;

namespace QueueLog.Host.Prelude.Text;

[Cmdlet("Tee", "Object", DefaultParameterSetName = "File")]
public sealed class TeeObjectCommand : PSCmdlet, IDisposable
{
    private readonly List<object> _kept = [];
    private SteppablePipeline? _file;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "File")]
    [Alias("Path", "LiteralPath", "PSPath")]
    public string FilePath { get; set; } = string.Empty;

    [Parameter(ParameterSetName = "File")]
    public SwitchParameter Append { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "Variable")]
    public string? Variable { get; set; }

    public void Dispose() => _file?.Dispose();

    protected override void BeginProcessing()
    {
        if (Variable is null)
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            _file = shell.AddCommand("Out-File").AddParameter("FilePath", FilePath).AddParameter("Append", Append).GetSteppablePipeline();
            _file.Begin(expectInput: true);
        }
    }

    protected override void ProcessRecord()
    {
        if (InputObject is null)
        {
            return;
        }

        if (Variable is not null)
        {
            _kept.Add(InputObject);
        }

        _file?.Process(InputObject);
        WriteObject(InputObject);
    }

    protected override void EndProcessing()
    {
        _file?.End();
        if (Variable is not null)
        {
            SessionState.PSVariable.Set(Variable, _kept.Count == 1 ? _kept[0] : _kept.ToArray());
        }
    }
}
