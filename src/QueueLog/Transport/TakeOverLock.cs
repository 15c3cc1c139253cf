using QueueLog.Diagnostics;

namespace QueueLog.Transport;

/// <summary>
/// Held while a socket file is examined and replaced, so that of two listeners that find the same stale file the second does
/// not remove the first one's. Not needed on Windows, where a pipe dies with its owner.
/// </summary>
internal static class TakeOverLock
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <exception cref="IOException">Someone else has held it for five seconds.</exception>
    public static IDisposable Enter(string folder)
    {
        var limit = new WaitLimit(Longest);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "names.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException) when (!limit.IsOver())
            {
                Thread.Sleep(5);
            }
        }
    }
}
