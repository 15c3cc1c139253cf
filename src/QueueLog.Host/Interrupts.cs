using System.Runtime.InteropServices;

namespace QueueLog.Host;

/// <summary>
/// Turns the first Ctrl+C or request to terminate into a polite stop, so that finally blocks run. A second one soon after
/// is not held back and ends the process on the spot.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly Action _stop;
    private readonly PosixSignalRegistration[] _registrations;
    private long _last;
    private volatile int _exitCode;

    public Interrupts(Action stop)
    {
        _stop = stop;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        ];
    }

    /// <summary>The exit code that tells which signal stopped the script; zero when none did.</summary>
    public int ExitCode => _exitCode;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Handle(PosixSignalContext context)
    {
        var now = Environment.TickCount64;
        var before = Interlocked.Exchange(ref _last, now);
        if (_exitCode != 0 && now - before < Patience.TotalMilliseconds)
        {
            return;
        }

        context.Cancel = true;
        _exitCode = context.Signal == PosixSignal.SIGTERM ? ExitCodes.Terminated : ExitCodes.Interrupted;
        _stop();
    }
}
