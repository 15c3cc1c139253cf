namespace QueueLog.Listener;

/// <summary>What a listener knows of one client.</summary>
/// <param name="Process">Name of the client's process.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="IsConnected">Whether it is still there.</param>
/// <param name="HasJournal">Whether its records lie in a journal, and so outlive it; otherwise they come over the pipe.</param>
/// <param name="Received">Records taken from it.</param>
/// <param name="Written">Records of it that all healthy sinks have written.</param>
/// <param name="Lost">Records it numbered that never arrived, those it left out for want of room, and those for which it found no listener in time.</param>
/// <param name="LastSequence">Number of its last record.</param>
public sealed record ClientStatistics(string Process, int Pid, bool IsConnected, bool HasJournal, long Received, long Written, long Lost, long LastSequence)
{
    /// <summary>Records that were not written because too many of their kind came in a second.</summary>
    public long Limited { get; init; }
}
