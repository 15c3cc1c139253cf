using System.Globalization;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;

namespace QueueLog.PowerShell.Worker;

/// <summary>The host that a pool's script blocks see: it has no screen and no one to ask, and passes on what is written to it.</summary>
internal sealed class WorkerHost(WorkerHostUI ui, Action<int> exit) : PSHost, IHostSupportsInteractiveSession
{
    public override string Name => "QueueLog worker";

    public override Version Version { get; } = typeof(WorkerHost).Assembly.GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI { get; } = ui;

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    // Asked by the preference Break, whose debugger is to be stopped at.
    public Runspace? Runspace => Runspace.DefaultRunspace;

    public bool IsRunspacePushed => false;

    public void PushRunspace(Runspace runspace) => throw new NotSupportedException("A pool worker has no prompt.");

    public void PopRunspace()
    {
    }

    public override void SetShouldExit(int exitCode) => exit(exitCode);

    public override void EnterNestedPrompt()
    {
        // A debugger goes on: what it stopped at must not be lost for want of a prompt.
        if (Runspace.DefaultRunspace?.Debugger is not { InBreakpoint: true })
        {
            throw new NotSupportedException("A pool worker has no prompt.");
        }
    }

    public override void ExitNestedPrompt() => throw new NotSupportedException("A pool worker has no prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}
