using QueueLog.Records;
using QueueLog.Sinks;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>The levels of a listener's sinks, and the clients that keep back what is below the lowest of them. Thread-safe.</summary>
internal sealed class ListenerLevels(ListenerOptions options, ListenerParts parts)
{
    private readonly object gate = new();

    // The sessions of clients that know levels, each with the number of the last change its client has taken.
    private readonly Dictionary<ListenerSession, long> sessions = [];
    private readonly List<(long Number, TaskCompletionSource Taken)> waiting = [];
    private WantedLevels wanted = LevelsOf(options, parts);
    private long number;

    /// <summary>Welcomes a client, which is told of every change from here on: behind its welcome, and before it can have read that.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="welcome">Begins to send the welcome, which says what the client is to keep back.</param>
    public ValueTask WelcomeAsync(ListenerSession session, Func<WantedLevels, ValueTask> welcome)
    {
        lock (gate)
        {
            sessions.Add(session, number);
            return welcome(wanted);
        }
    }

    public void Leave(ListenerSession session)
    {
        lock (gate)
        {
            sessions.Remove(session);
            CompleteWaiting();
        }
    }

    /// <summary>A client has taken a change.</summary>
    public void Acknowledge(ListenerSession session, long taken)
    {
        lock (gate)
        {
            if (sessions.ContainsKey(session))
            {
                sessions[session] = taken;
                CompleteWaiting();
            }
        }
    }

    /// <summary>Changes the sinks' levels, as far as they may change at once, and tells the clients.</summary>
    /// <param name="changed">What holds from now on.</param>
    /// <returns>Completes when every client that was there has taken it.</returns>
    public Task Set(ListenerOptions changed)
    {
        lock (gate)
        {
            if (changed.ConsoleMinimumLevel is { } shown && parts.ConsoleSink is { } console)
            {
                console.HasOwnLevel = true;
                console.SetLevel(shown);
            }

            foreach (var sink in parts.Sinks.Where(sink => !sink.HasOwnLevel))
            {
                sink.SetLevel(changed.MinimumLevel);
            }

            // Clients hear of changes in this order, and keep the last: concurrent callers wait for the gate.
            if (LevelsOf(changed, parts) is var levels && levels != wanted)
            {
                wanted = levels;
                number++;
                foreach (var session in sessions.Keys)
                {
                    session.Answers.SendLevel(number, wanted);
                }
            }

            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((number, taken));
            CompleteWaiting();
            return taken.Task;
        }
    }

    private void CompleteWaiting() => waiting.RemoveAll(change =>
    {
        if (!sessions.Values.All(taken => taken >= change.Number))
        {
            return false;
        }

        change.Taken.SetResult();
        return true;
    });

    private static WantedLevels LevelsOf(ListenerOptions options, ListenerParts parts)
    {
        var lowest = parts.Sinks.Count == 0 ? options.MinimumLevel : parts.Sinks.Min(sink => sink.MinimumLevel);
        return new WantedLevels(options.BufferLevel is { } buffered && buffered < lowest ? buffered : lowest, lowest);
    }
}
