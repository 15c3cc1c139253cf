using System.Management.Automation;
using System.Text.RegularExpressions;
using QueueLog.Host.Prelude.Items;

namespace QueueLog.Host.Prelude.Text;

[Cmdlet(VerbsCommon.Select, "String", DefaultParameterSetName = "Object")]
public sealed class SelectStringCommand : PSCmdlet
{
    private Regex[] _patterns = [];
    private int _inputLine;
    private bool _found;

    [Parameter(Position = 0, Mandatory = true)]
    public string[] Pattern { get; set; } = [];

    [Parameter(ParameterSetName = "File", Position = 1, Mandatory = true)]
    [Alias("PSPath", "LiteralPath")]
    public string[] Path { get; set; } = [];

    [Parameter(ParameterSetName = "Object", Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public SwitchParameter SimpleMatch { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter]
    public SwitchParameter NotMatch { get; set; }

    [Parameter]
    public SwitchParameter AllMatches { get; set; }

    [Parameter]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    public SwitchParameter Raw { get; set; }

    protected override void BeginProcessing()
    {
        var options = CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase;
        _patterns = [.. Pattern.Select(pattern => new Regex(SimpleMatch ? Regex.Escape(pattern) : pattern, options))];
    }

    protected override void ProcessRecord()
    {
        if (ParameterSetName == "Object")
        {
            if (InputObject?.BaseObject is FileInfo file)
            {
                Read(file.FullName);
            }
            else
            {
                Match(InputObject?.ToString() ?? string.Empty, "InputStream", ++_inputLine);
            }

            return;
        }

        foreach (var found in Path.SelectMany(path => SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _)))
        {
            Read(found);
        }
    }

    protected override void EndProcessing()
    {
        if (Quiet)
        {
            WriteObject(_found);
        }
    }

    private void Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, EncodingName.Default);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            Match(line, file, number);
        }
    }

    private void Match(string line, string path, int number)
    {
        var pattern = _patterns.FirstOrDefault(candidate => candidate.IsMatch(line));
        if (pattern is null != NotMatch)
        {
            return;
        }

        _found = true;
        if (Quiet)
        {
            return;
        }

        if (Raw)
        {
            WriteObject(line);
            return;
        }

        var matches = pattern is null ? [] : pattern.Matches(line).Take(AllMatches ? int.MaxValue : 1).ToArray();
        WriteObject(new LineMatch(line, path, number, pattern?.ToString(), matches));
    }
}
