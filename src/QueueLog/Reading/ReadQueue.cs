namespace QueueLog.Reading;

/// <summary>What one thread has read and another has yet to take: everything there is at once, without a wake for each.</summary>
internal sealed class ReadQueue
{
    // As many may wait; the reading thread waits then, in its turn.
    private const int Capacity = 2_048;

    // A taker that found nothing is woken for that many, or looks again after a moment.
    private const int WakeCount = 128;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(10);

    private readonly object gate = new();
    private List<object> waiting = [];
    private bool isTakerAsleep;
    private bool isComplete;
    private volatile bool isClosed;

    /// <summary>Whether nothing more is taken.</summary>
    public bool IsClosed => isClosed;

    /// <summary>Adds something, when there is room; drops it when nothing more is taken.</summary>
    public void Add(object item)
    {
        lock (gate)
        {
            while (waiting.Count >= Capacity && !isClosed)
            {
                Monitor.Wait(gate);
            }

            waiting.Add(item);
            if (isTakerAsleep && waiting.Count >= WakeCount)
            {
                Monitor.Pulse(gate);
            }
        }
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete()
    {
        lock (gate)
        {
            isComplete = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Nothing more is taken.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            Monitor.Pulse(gate);
        }
    }

    /// <summary>Takes everything there is, or waits for something.</summary>
    /// <param name="items">What was taken before, which is used again; then what is taken now.</param>
    /// <returns>False when nothing more comes.</returns>
    public bool TryTake(ref List<object> items)
    {
        items.Clear();
        lock (gate)
        {
            while (waiting.Count == 0 && !isComplete)
            {
                isTakerAsleep = true;
                Monitor.Wait(gate, LookAgain);
                isTakerAsleep = false;
            }

            (waiting, items) = (items, waiting);
            Monitor.Pulse(gate);
            return items.Count > 0;
        }
    }
}
