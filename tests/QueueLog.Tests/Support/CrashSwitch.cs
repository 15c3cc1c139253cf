using QueueLog.Journal;

namespace QueueLog.Tests.Support;

/// <summary>Kills the side that runs on this thread when it comes to a place. Other threads are not touched.</summary>
internal sealed class CrashSwitch : IDisposable
{
    private readonly int thread = Environment.CurrentManagedThreadId;
    private JournalFault? armed;
    private int passes;

    public CrashSwitch() => FaultPoint.Reached = OnReached;

    /// <summary>Kills at a place, after it was passed so many times.</summary>
    public void Arm(JournalFault place, int after = 0) => (armed, passes) = (place, after);

    public void Disarm() => armed = null;

    public void Dispose() => FaultPoint.Reached = null;

    private void OnReached(JournalFault place)
    {
        if (Environment.CurrentManagedThreadId == thread && armed == place && passes-- == 0)
        {
            armed = null;
            throw new SimulatedCrash(place);
        }
    }
}
