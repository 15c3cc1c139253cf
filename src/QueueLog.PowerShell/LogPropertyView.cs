using System.ComponentModel;
using System.Management.Automation;
using QueueLog.PowerShell.Engine;
using QueueLog.Records;

namespace QueueLog.PowerShell;

/// <summary>What the engine takes for the members of a property of a record, so that they are safe to be shown.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LogPropertyView
{
    /// <summary>The name.</summary>
    public static object? GetName(PSObject property) => ShownText.Of(((LogProperty)property.BaseObject).Name);

    /// <summary>The value.</summary>
    public static object? GetValue(PSObject property) => ShownText.Of(((LogProperty)property.BaseObject).Value);
}
