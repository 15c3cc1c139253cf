using System.Management.Automation;
using System.Management.Automation.Language;

namespace QueueLog.Host.Prelude.Text;

[Cmdlet(VerbsData.Import, "PowerShellDataFile")]
public sealed class ImportPowerShellDataFileCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [Alias("LiteralPath", "PSPath")]
    public string[] Path { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var path in Path)
        {
            var file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
            var table = Parser.ParseFile(file, out _, out _).Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false)
                ?? throw new PSArgumentException($"There is no table in '{path}'.");
            WriteObject(table.SafeGetValue());
        }
    }
}
