using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace QueueLog.Host.Prelude.Text;

[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatListCommand : OuterFormatTableAndListBase
{
    public FormatListCommand() => FormattingEngine.Shape(this, "List");
}
