using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Listener;

/// <summary>The clients that have rings. Used by the dispatcher's thread.</summary>
/// <param name="journals">Where rings lie.</param>
/// <param name="failures">Told of rings that cannot be read.</param>
/// <param name="table">Where the clients are listed.</param>
internal sealed class RingSources(IReadOnlyList<JournalFolder> journals, FailureLog failures, ClientTable table)
{
    private readonly List<RecordSource> sources = [];
    private readonly HashSet<string> unreadable = [];

    public int Count => sources.Count;

    public RecordSource this[int index] => sources[index];

    // Of this type, so that a round allocates nothing for it.
    public List<RecordSource>.Enumerator GetEnumerator() => sources.GetEnumerator();

    /// <summary>Those that are there now.</summary>
    public RecordSource[] ToArray() => [.. sources];

    /// <summary>Whether a ring has no connection: its writer cannot ring, so it is looked at from time to time.</summary>
    public bool HasUnattended => sources.Exists(source => source.Session is null);

    public bool HasMore => sources.Exists(source => source.Ring!.HasMore || source.Ring.NeedsAcknowledgement);

    /// <summary>How many clients wait for their records to be written.</summary>
    public int Waiters
    {
        get
        {
            var count = 0;
            foreach (var source in sources)
            {
                count += source.Ring!.NeedsAcknowledgement ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>Takes over a ring that was there before this listener.</summary>
    public RecordSource Adopt(RingReader ring)
    {
        var source = new RecordSource(ring.Owner.Client, ring);
        sources.Add(source);
        table.Add(source);
        return source;
    }

    /// <summary>A client says where its ring is, in a folder of this listener's.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="fault">Why it cannot be used.</param>
    /// <returns>The ring's source; null when it cannot be used.</returns>
    public RecordSource? Attach(ListenerSession session, string path, out string fault)
    {
        fault = "";
        var known = Find(path);
        if (known is null)
        {
            var ring = TryOpen(path, out fault);
            if (ring is null)
            {
                unreadable.Add(path);
                return null;
            }

            known = Adopt(ring);
        }

        known.Session = session;
        return known;
    }

    /// <summary>Takes over what lies in the journal's folders and is not known: a writer may have died before it could say so.</summary>
    public void FindUnknown()
    {
        foreach (var path in journals.SelectMany(folder => folder.Rings).ToArray())
        {
            if (!unreadable.Contains(path) && Find(path) is null && Open(path) is { } ring)
            {
                Adopt(ring);
            }
        }
    }

    /// <summary>Answers the writers that wait, for what is committed.</summary>
    /// <returns>How many there were.</returns>
    public int AcknowledgeWaiters(bool isKept)
    {
        var acknowledged = 0;
        foreach (var source in sources)
        {
            if (source.Ring!.NeedsAcknowledgement)
            {
                acknowledged++;
                if (source.Ring.Acknowledge(isKept) && !source.Ring.TryWakeWaiters())
                {
                    source.Session?.Answers.SendAnswered();
                }
            }
        }

        return acknowledged;
    }

    /// <summary>Tells the writers that the listener does not look for records; see <see cref="RingReader.MarkIdle"/>.</summary>
    public void MarkIdle(bool isAsleep)
    {
        foreach (var source in sources)
        {
            source.Ring!.MarkIdle(isAsleep);
        }
    }

    public void MarkAwake()
    {
        foreach (var source in sources)
        {
            source.Ring!.MarkAwake();
        }
    }

    /// <summary>Lets go of a ring, and of its file where that is of no use any more.</summary>
    public void Remove(RecordSource source, bool delete)
    {
        sources.Remove(source);
        source.HasEnded = true;
        source.Ring!.Dispose();
        if (delete)
        {
            // Those that left before have let go of theirs by now.
            RingFiles.DeleteRemains(Path.GetDirectoryName(source.Ring.Path)!);
            RingFiles.Delete(source.Ring.Path);
        }

        table.End(source);
    }

    /// <summary>Lets go of a ring that is nonsense, and takes it over no more.</summary>
    public void RemoveUnreadable(RecordSource source, bool delete)
    {
        unreadable.Add(source.Ring!.Path);
        source.IsUnreadable = true;
        Remove(source, delete);
    }

    /// <summary>Lets go of all rings; those of living writers, and those that hold something, stay for the next listener.</summary>
    public void Release()
    {
        foreach (var source in ToArray())
        {
            Remove(source, delete: false);
        }
    }

    private RecordSource? Find(string path) => sources.Find(source => string.Equals(source.Ring!.Path, path, StringComparison.Ordinal));

    private RingReader? Open(string path)
    {
        var ring = TryOpen(path, out var fault);
        if (ring is null && File.Exists(path) && unreadable.Add(path))
        {
            failures.ReportClient(path, FailureSeverity.Final, $"A journal cannot be read: {fault}", null);
        }

        return ring;
    }

    private RingReader? TryOpen(string path, out string fault)
    {
        fault = $"'{path}' is not there any more";
        try
        {
            if (!unreadable.Contains(path))
            {
                return RingReader.Open(path);
            }

            fault = $"'{path}' could not be read before";
        }
        catch (JournalException) when (!File.Exists(path))
        {
            // Its writer found it empty and took it along.
        }
        catch (Exception e) when (e is IOException or ProtocolException)
        {
            fault = e.Message;
        }

        return null;
    }
}
