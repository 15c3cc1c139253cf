using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Who a listener is, and what it wants: its answer to a greeting.</summary>
internal sealed record ListenerIdentity(int Pid, string Process, string Name, string? LogPath, LogLevel MinimumLevel, JournalOffer? Journal)
{
    /// <summary>Whether records are to say which place wrote them.</summary>
    public bool WantsCaller { get; init; }

    /// <summary>Whether records are to have their properties besides their message. Default: yes.</summary>
    public bool WantsProperties { get; init; } = true;
}
