namespace QueueLog.Client;

/// <summary>
/// Knows whether what runs here is a sink's own code, a script say: what that logs goes to the sink's listener unless it says
/// otherwise, and is marked, so that no such code is given it again.
/// </summary>
// It cannot be passed in: between the sink and the record stands code of others, a script or a provider of ILogger, which hands
// nothing on. So it goes with the flow of execution, threads that such code starts included.
internal static class SinkCode
{
    private static readonly AsyncLocal<string?> Listener = new();

    /// <summary>Address of the listener whose sink runs here; null elsewhere.</summary>
    public static string? ListenerAddress => Listener.Value;

    /// <summary>What this thread runs from now on is a sink's, and what it starts elsewhere.</summary>
    /// <param name="address">Address of the sink's listener.</param>
    public static void Enter(string address) => Listener.Value = address;
}
