namespace QueueLog.Transport;

/// <summary>
/// Whose turn it is to read a connection: its reader's, a thread that does nothing else, or a guest's, a thread that has nothing
/// else to do until the next frame is there. A guest that reads for itself need not be woken for it.
/// </summary>
internal sealed class ReadLease
{
    /// <summary>How long a guest waits for a frame before it gives up its turn.</summary>
    public static readonly TimeSpan GuestTimeout = TimeSpan.FromMilliseconds(20);

    // How long the reader leaves the connection to a guest that does not come: also how late it may see what nobody else reads.
    private static readonly TimeSpan Aside = TimeSpan.FromMilliseconds(10);

    private readonly object gate = new();
    private bool isFree;
    private bool isTaken;
    private bool isGivenUp;
    private int taken;

    /// <summary>Leaves the connection to guests; returns when they do not want it any more, to the reader alone.</summary>
    public void StandAside()
    {
        if (!PipeSystem.CanWait)
        {
            return;
        }

        lock (gate)
        {
            isFree = true;
            isGivenUp = false;
            int before;
            do
            {
                before = taken;
                Monitor.Wait(gate, Aside);
            }
            while (isTaken || (before != taken && !isGivenUp));
            isFree = false;
        }
    }

    /// <summary>Takes the guest's turn, if the reader stands aside and no other guest is there.</summary>
    public bool TryAcquire()
    {
        lock (gate)
        {
            if (!isFree || isTaken)
            {
                return false;
            }

            isTaken = true;
            isGivenUp = false;
            taken++;
            return true;
        }
    }

    /// <summary>Ends the guest's turn.</summary>
    /// <param name="isForGood">Whether it will hardly come again soon: then the reader goes on at once.</param>
    public void GiveBack(bool isForGood)
    {
        lock (gate)
        {
            isTaken = false;
            if (isForGood)
            {
                isGivenUp = true;
                Monitor.Pulse(gate);
            }
        }
    }
}
