namespace QueueLog.Listener;

/// <summary>Where a listener is in its life.</summary>
public enum ListenerState
{
    /// <summary>It takes records.</summary>
    Running,

    /// <summary>It takes no new clients and writes what was handed over.</summary>
    Stopping,

    /// <summary>Everything is written and closed.</summary>
    Stopped,
}
