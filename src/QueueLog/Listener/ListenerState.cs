namespace QueueLog.Listener;

/// <summary>Where a listener is in its life.</summary>
public enum ListenerState
{
    /// <summary>It takes records.</summary>
    Running,

    /// <summary>It takes records and cannot write them, for want of room on the disk, say: it tries again, and writers wait when the journals are full.</summary>
    Waiting,

    /// <summary>It takes no new clients and writes what was handed over.</summary>
    Stopping,

    /// <summary>Everything is written and closed.</summary>
    Stopped,
}
