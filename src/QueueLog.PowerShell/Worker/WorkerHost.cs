using System.Globalization;
using System.Management.Automation.Host;

namespace QueueLog.PowerShell.Worker;

/// <summary>The host that a pool's script blocks see: it has no screen and no one to ask, and passes on what is written to it.</summary>
internal sealed class WorkerHost(WorkerHostUI ui, Action<int> exit) : PSHost
{
    public override string Name => "QueueLog worker";

    public override Version Version { get; } = typeof(WorkerHost).Assembly.GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI { get; } = ui;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => exit(exitCode);

    public override void EnterNestedPrompt() => throw new NotSupportedException("A pool worker has no prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("A pool worker has no prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
