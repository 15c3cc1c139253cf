using System.Threading.Channels;

namespace QueueLog.Listener;

/// <summary>What the sessions have to say to the dispatcher, in order. A session that is ahead waits.</summary>
// Written by the sessions, read by the dispatcher, completed by nobody: the dispatcher is told when no more will come.
internal sealed class SessionInbox(int capacity, ClientBook book)
{
    private readonly Channel<InboxEntry> channel = Channel.CreateBounded<InboxEntry>(new BoundedChannelOptions(capacity)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.Wait,
    });

    private Dispatcher? dispatcher;

    public ChannelReader<InboxEntry> Reader => channel.Reader;

    /// <summary>Says whom to wake.</summary>
    public void SetReader(Dispatcher reader) => dispatcher = reader;

    /// <summary>A client is there; it is listed from now on.</summary>
    public void Greet(ListenerSession session) => book.Add(session.Source!);

    public async ValueTask WriteAsync(InboxEntry entry, CancellationToken cancellation)
    {
        await channel.Writer.WriteAsync(entry, cancellation).ConfigureAwait(false);
        dispatcher?.Wake();
    }

    /// <summary>A ring has something, and the dispatcher may be asleep.</summary>
    public void Ring() => dispatcher?.Wake();
}
