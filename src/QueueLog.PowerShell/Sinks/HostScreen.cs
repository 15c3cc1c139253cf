using System.Management.Automation.Host;
using System.Text;
using QueueLog.Sinks;

namespace QueueLog.PowerShell.Sinks;

/// <summary>
/// The terminal of a session, by way of its host. The host writes a block of lines under its own lock, and takes its progress lines
/// away before: what is written past the host stands between them.
/// </summary>
// Only the lock of the host is taken, by a thread that holds none that the host's thread could wait for, and no cmdlet runs under it.
internal sealed class HostScreen : WriteOnlyStream
{
    private readonly PSHostUserInterface ui;

    private HostScreen(PSHostUserInterface ui) => this.ui = ui;

    /// <summary>The screen of a host that takes lines from any thread; null where there is none, or it does not show standard error, too.</summary>
    public static HostScreen? Of(PSHost host) =>
        host is { Name: "ConsoleHost", UI: { } ui } && !Console.IsOutputRedirected && !Console.IsErrorRedirected ? new HostScreen(ui) : null;

    public override void Write(ReadOnlySpan<byte> buffer) =>
        ui.WriteLine(Encoding.UTF8.GetString(buffer.EndsWith("\n"u8) ? buffer[..^1] : buffer));
}
