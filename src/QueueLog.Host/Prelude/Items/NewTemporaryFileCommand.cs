using System.Management.Automation;

namespace QueueLog.Host.Prelude.Items;

[Cmdlet(VerbsCommon.New, "TemporaryFile")]
public sealed class NewTemporaryFileCommand : PSCmdlet
{
    protected override void EndProcessing() => WriteObject(new FileInfo(Path.GetTempFileName()));
}
