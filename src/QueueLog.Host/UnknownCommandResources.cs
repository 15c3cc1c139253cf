using System.Globalization;
using System.Management.Automation;
using System.Resources;

namespace QueueLog.Host;

/// <summary>The engine's messages about finding commands, with an explanation after the one for an unknown command.</summary>
internal sealed class UnknownCommandResources(string explanation) : ResourceManager(
    "System.Management.Automation.resources.DiscoveryExceptions", typeof(PSObject).Assembly)
{
    public override string? GetString(string name, CultureInfo? culture) => name == "CommandNotFoundException"
        ? base.GetString(name, culture) + Environment.NewLine + explanation
        : base.GetString(name, culture);
}
