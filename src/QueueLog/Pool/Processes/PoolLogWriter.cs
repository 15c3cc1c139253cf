using System.Threading.Channels;
using QueueLog.Client;
using QueueLog.Records;

namespace QueueLog.Pool.Processes;

/// <summary>Hands a pool's records over on a thread of its own, which may wait for the listener as long as it likes.</summary>
internal sealed class PoolLogWriter(string poolName)
{
    private const int Capacity = 4096;

    // Lines may fill only so much of the queue, and then wait: the events always find room beside them.
    private const int LineCapacity = 512;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    // Written by all of the pool's threads, read by the writer's own, completed when the pool has ended.
    private readonly Channel<Entry> queue = Channel.CreateBounded<Entry>(new BoundedChannelOptions(Capacity)
    {
        FullMode = BoundedChannelFullMode.Wait,
        SingleReader = true,
    });

    private readonly SemaphoreSlim lineRoom = new(LineCapacity);
    private readonly CancellationTokenSource closed = new();
    private readonly TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int isStarted;
    private long lost;

    /// <summary>Adds an event, or counts it where there is no room. Never waits.</summary>
    public void Add(string address, LogRecord record) => Add(new Entry(address, record, IsLine: false));

    /// <summary>Adds a line when there is room for it.</summary>
    public async ValueTask AddLineAsync(string address, LogRecord record)
    {
        try
        {
            await lineRoom.WaitAsync(closed.Token).ConfigureAwait(false);
            Add(new Entry(address, record, IsLine: true));
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested)
        {
            // The pool has ended, and its log with it.
        }
    }

    /// <summary>Takes nothing more, and waits a little for what there is to be handed over.</summary>
    public async Task CloseAsync()
    {
        queue.Writer.TryComplete();
        if (Volatile.Read(ref isStarted) != 0)
        {
            await Task.WhenAny(written.Task, Task.Delay(CloseTimeout)).ConfigureAwait(false);
        }

        await closed.CancelAsync().ConfigureAwait(false);
    }

    private void Add(Entry entry)
    {
        if (!queue.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref lost);
        }
        else if (Interlocked.Exchange(ref isStarted, 1) == 0)
        {
            new Thread(WriteLoop) { IsBackground = true, Name = "QueueLog pool log" }.Start();
        }
    }

    private void WriteLoop()
    {
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var address = "";
            while (queue.Reader.TryRead(out var entry))
            {
                address = entry.Address;
                Write(address, entry.Record);
                if (entry.IsLine)
                {
                    lineRoom.Release();
                }
            }

            ReportLost(address);
        }

        written.TrySetResult();
    }

    private void ReportLost(string address)
    {
        var count = Interlocked.Exchange(ref lost, 0);
        if (count > 0)
        {
            Write(address, new LogRecord
            {
                Level = LogLevel.Warning,
                Message = $"{count} events of pool {poolName} were left out because the log was behind",
                Template = "{Count} events of pool {Pool} were left out because the log was behind",
                Properties = new LogProperties([new LogProperty("Count", count), new LogProperty("Pool", poolName)]),
                Category = PoolLog.PoolCategory,
                Item = -1,
            });
        }
    }

    private static void Write(string address, LogRecord record)
    {
        if (ClientRegistry.Get(address) is not { } client || client.Write(record) == WriteResult.NoListener)
        {
            ClientRegistry.CountLost(address, record.Level);
        }
    }

    private readonly record struct Entry(string Address, LogRecord Record, bool IsLine);
}
