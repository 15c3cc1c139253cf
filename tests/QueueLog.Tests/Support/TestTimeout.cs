namespace QueueLog.Tests.Support;

/// <summary>
/// How long a test waits for what must come: no measure of speed, only the end of a test that waits in vain, and so long
/// enough for a machine that is ten times slower and has other work.
/// </summary>
internal static class TestTimeout
{
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
}
