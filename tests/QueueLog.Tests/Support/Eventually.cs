using System.Diagnostics;

namespace QueueLog.Tests.Support;

/// <summary>Waits for what only another thread's or process's progress can bring about and nothing announces.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < TestTimeout.Limit, $"It did not come to this: {what}.");
            await Task.Delay(5);
        }
    }
}
