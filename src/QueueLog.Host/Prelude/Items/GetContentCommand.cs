using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

/// <summary>The lines of files, which others may be writing at the same time.</summary>
[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = "Path")]
public sealed class GetContentCommand : ItemCommand
{
    [Parameter]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    [Alias("First", "Head")]
    public int TotalCount { get; set; } = -1;

    [Parameter]
    [Alias("Last")]
    public int Tail { get; set; } = -1;

    [Parameter]
    public object? Encoding { get; set; }

    protected override void ProcessRecord()
    {
        foreach (var path in Paths)
        {
            Attempt(() =>
            {
                foreach (var file in Files(path))
                {
                    Read(file);
                }
            });
        }
    }

    private void Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, EncodingName.Parse(Encoding));
        if (Raw)
        {
            WriteObject(reader.ReadToEnd());
            return;
        }

        var lines = Lines(reader);
        lines = TotalCount >= 0 ? lines.Take(TotalCount) : lines;
        lines = Tail >= 0 ? lines.TakeLast(Tail) : lines;
        foreach (var line in lines)
        {
            WriteObject(line);
        }
    }

    private static IEnumerable<string> Lines(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
