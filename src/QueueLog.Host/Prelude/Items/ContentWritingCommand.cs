using System.Collections;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

/// <summary>Writes values to files, one a line: all that come by pipeline in one go.</summary>
public abstract class ContentWritingCommand : ItemCommand
{
    private readonly List<StreamWriter> _writers = [];

    // The pipeline is for the values here.
    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    public override string[]? Path { get; set; }

    [Parameter(Position = 1, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? Value { get; set; }

    [Parameter]
    public object? Encoding { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected abstract FileMode Mode { get; }

    protected override void BeginProcessing()
    {
        foreach (var path in Paths)
        {
            Attempt(() =>
            {
                var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
                var stream = new FileStream(file, Mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                _writers.Add(new StreamWriter(stream, EncodingName.Parse(Encoding)));
            });
        }
    }

    protected override void ProcessRecord()
    {
        foreach (var value in Value ?? [])
        {
            foreach (var line in value is IEnumerable many and not string ? many.Cast<object?>() : [value])
            {
                _writers.ForEach(writer => Write(writer, line));
            }
        }
    }

    protected override void EndProcessing() => Close();

    protected override void StopProcessing() => Close();

    private void Write(StreamWriter writer, object? line)
    {
        var text = LanguagePrimitives.ConvertTo<string>(line);
        if (NoNewline)
        {
            writer.Write(text);
        }
        else
        {
            writer.WriteLine(text);
        }
    }

    private void Close() => _writers.ForEach(writer => writer.Dispose());
}
