using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Who a listener is, and what it wants: its answer to a greeting.</summary>
internal sealed record ListenerIdentity(int Pid, string Process, string Name, string? LogPath, LogLevel MinimumLevel, JournalOffer? Journal)
{
    /// <summary>Records below this level are held back by their client. Default: none are.</summary>
    public LogLevel WrittenLevel { get; init; }

    /// <summary>The lowest level of a record that has those written which its client holds back. Default: Error.</summary>
    public LogLevel FlushLevel { get; init; } = LogLevel.Error;

    /// <summary>Whether records are to say which place wrote them.</summary>
    public bool WantsCaller { get; init; }

    /// <summary>Whether records are to have their properties besides their message. Default: yes.</summary>
    public bool WantsProperties { get; init; } = true;
}
