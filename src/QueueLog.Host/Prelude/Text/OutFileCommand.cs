using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;
using QueueLog.Host.Prelude.Items;

namespace QueueLog.Host.Prelude.Text;

/// <summary>Writes its input to a file as the screen would show it. The redirections of the language come here too.</summary>
[Cmdlet(VerbsData.Out, "File", DefaultParameterSetName = "Path")]
public sealed class OutFileCommand : FrontEndCommandBase
{
    private StreamWriter? _writer;

    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "Path")]
    [Alias("Path")]
    public string? FilePath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter(Position = 1)]
    public object? Encoding { get; set; }

    [Parameter]
    public SwitchParameter Append { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    [Alias("NoOverwrite")]
    public SwitchParameter NoClobber { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    protected override void BeginProcessing()
    {
        var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(LiteralPath ?? FilePath!);
        var mode = Append ? FileMode.Append : NoClobber ? FileMode.CreateNew : FileMode.Create;
        _writer = new StreamWriter(new FileStream(file, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), EncodingName.Parse(Encoding));
        _writer.NewLine = NoNewline ? string.Empty : _writer.NewLine;
        FormattingEngine.WriteTo(this, _writer, Width);
        base.BeginProcessing();
    }

    protected override void ProcessRecord()
    {
        base.ProcessRecord();

        // A file that a script redirects into for hours is to be read meanwhile.
        _writer?.Flush();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        Close();
    }

    protected override void StopProcessing() => Close();

    private void Close() => _writer?.Dispose();
}
