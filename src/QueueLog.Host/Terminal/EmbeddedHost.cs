using System.Globalization;
using System.Management.Automation.Host;

namespace QueueLog.Host.Terminal;

/// <summary>What a script sees as <c>$Host</c>.</summary>
internal sealed class EmbeddedHost(bool mayPrompt) : PSHost
{
    public override string Name => "QueueLogHost";
    public override Version Version { get; } = typeof(EmbeddedHost).Assembly.GetName().Version ?? new Version(0, 1);
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;
    public override PSHostUserInterface UI { get; } = new ConsoleInterface(mayPrompt);

    /// <summary>The code a script gave to <c>exit</c>; null when it came to its end.</summary>
    public int? ExitCode { get; private set; }

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("This host runs scripts; it has no prompt.");

    public override void ExitNestedPrompt()
    {
    }

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
