using System.Management.Automation;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace QueueLog.Host.Prelude.Text;

[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableCommand : OuterFormatTableBase
{
    public FormatTableCommand() => FormattingEngine.Shape(this, "Table");
}
