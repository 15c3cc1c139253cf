namespace QueueLog.Client;

/// <summary>
/// Knows whether what runs here is a sink's own code, a script say: what that logs goes to the sink's listener unless it says
/// otherwise, and is marked, so that no such code is given it again.
/// </summary>
internal static class SinkCode
{
    private static readonly AsyncLocal<string?> Listener = new();

    // Nearly every process has no such code, and is not to pay for the question.
    private static volatile bool exists;

    public static bool IsRunning => exists && Listener.Value is not null;

    /// <summary>Address of the listener whose sink runs here; null elsewhere.</summary>
    public static string? ListenerAddress => exists ? Listener.Value : null;

    /// <summary>What this thread runs from now on is a sink's, and what it starts elsewhere.</summary>
    /// <param name="address">Address of the sink's listener.</param>
    public static void Enter(string address)
    {
        exists = true;
        Listener.Value = address;
    }
}
