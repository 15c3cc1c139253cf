using System.Threading.Channels;
using QueueLog.Journal;

namespace QueueLog.Listener;

/// <summary>What the sessions have to say to the dispatcher, in order. A session that is ahead waits.</summary>
/// <param name="capacity">How many may wait.</param>
/// <param name="table">Where the clients are listed.</param>
/// <param name="journals">Where the dispatcher reads rings.</param>
/// <param name="wake">Wakes the dispatcher.</param>
// Written by the sessions, read by the dispatcher, completed by nobody: the dispatcher is told when no more will come.
internal sealed class SessionEvents(int capacity, ClientTable table, IReadOnlyList<JournalFolder> journals, Action wake)
{
    private readonly Channel<SessionEvent> channel = Channel.CreateBounded<SessionEvent>(new BoundedChannelOptions(capacity)
    {
        SingleReader = true,
        FullMode = BoundedChannelFullMode.Wait,
    });

    public ChannelReader<SessionEvent> Reader => channel.Reader;

    /// <summary>A client is there; it is listed from now on.</summary>
    public void Greet(ListenerSession session) => table.Add(session.Source!);

    /// <summary>A client is listed as the writer of its ring instead.</summary>
    public void Forget(RecordSource source) => table.Forget(source);

    /// <summary>A client has ended.</summary>
    public void End(RecordSource source) => table.End(source);

    /// <summary>Whether a ring lies where the dispatcher reads rings. A client may see another folder of the same name.</summary>
    /// <returns>Why it cannot be taken; null when it lies there.</returns>
    public string? FaultOf(string ring) =>
        !journals.Any(folder => folder.Holds(ring)) ? $"its journal '{ring}' is none of this listener's"
        : !File.Exists(ring) ? $"its journal '{ring}' is not there for the listener, which may see another folder of that name than the client"
        : null;

    public async ValueTask WriteAsync(SessionEvent entry, CancellationToken cancellation)
    {
        await channel.Writer.WriteAsync(entry, cancellation).ConfigureAwait(false);
        wake();
    }

    /// <summary>A ring has something, and the dispatcher may be asleep.</summary>
    public void Ring() => wake();
}
