using System.Text;

namespace QueueLog.Tests.Support;

/// <summary>A console nobody reads: the first write blocks, until someone does.</summary>
internal sealed class BlockingStream : MemoryStream
{
    private readonly ManualResetEventSlim released = new(false);
    private readonly object gate = new();
    private readonly StringBuilder text = new();

    public string Text
    {
        get
        {
            lock (gate)
            {
                return text.ToString();
            }
        }
    }

    public void Release() => released.Set();

    public Task WaitForAsync(string part, TimeSpan deadline) => Task.Run(() =>
    {
        var until = DateTime.UtcNow + deadline;
        lock (gate)
        {
            while (!Text.Contains(part, StringComparison.Ordinal))
            {
                var left = until - DateTime.UtcNow;
                if (left <= TimeSpan.Zero || !Monitor.Wait(gate, left))
                {
                    throw new TimeoutException($"'{part}' did not come.");
                }
            }
        }
    });

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        released.Wait();
        lock (gate)
        {
            text.Append(Encoding.UTF8.GetString(buffer));
            Monitor.PulseAll(gate);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
}
