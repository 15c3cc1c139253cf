using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;

namespace QueueLog.PowerShell.Pool;

/// <summary>
/// The records of all streams of a job, in the order written. It holds only which stream comes next, the streams hold the records: what
/// is removed here is removed there. The engine has it as the content of a collection, of which it reads the first or all, and calls it
/// under that collection's lock.
/// </summary>
internal sealed class StreamOrder(Job job) : IList<PSStreamObject>
{
    private static readonly PSStreamObject Nothing = new(default, null);

    private readonly Queue<PSStreamObjectType> kinds = new();
    private readonly Dictionary<PSStreamObjectType, IStream> streams = new()
    {
        [PSStreamObjectType.Output] = new Stream<PSObject>(job.Output, PSStreamObjectType.Output, static value => value),
        [PSStreamObjectType.Error] = new Stream<ErrorRecord>(job.Error, PSStreamObjectType.Error, static record => record),
        [PSStreamObjectType.Warning] = new Stream<WarningRecord>(job.Warning, PSStreamObjectType.Warning, static record => record.Message),
        [PSStreamObjectType.Verbose] = new Stream<VerboseRecord>(job.Verbose, PSStreamObjectType.Verbose, static record => record.Message),
        [PSStreamObjectType.Debug] = new Stream<DebugRecord>(job.Debug, PSStreamObjectType.Debug, static record => record.Message),
        [PSStreamObjectType.Information] = new Stream<InformationRecord>(job.Information, PSStreamObjectType.Information, static record => record),
    };

    private interface IStream
    {
        PSStreamObject At(int index);

        void RemoveFirst();
    }

    public int Count => kinds.Count;

    public bool IsReadOnly => false;

    /// <summary>What was written; a record that somebody took from its stream is empty.</summary>
    public PSStreamObject this[int index]
    {
        get => index == 0 ? streams[kinds.Peek()].At(0) : throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Insert(int index, PSStreamObject item) => kinds.Enqueue(item.ObjectType);

    public void RemoveAt(int index)
    {
        if (index != 0)
        {
            throw new NotSupportedException();
        }

        streams[kinds.Dequeue()].RemoveFirst();
    }

    public void Clear() => kinds.Clear();

    // Of a running job: more may have come since the engine asked for the count.
    public void CopyTo(PSStreamObject[] array, int arrayIndex)
    {
        foreach (var record in this)
        {
            if (arrayIndex == array.Length)
            {
                break;
            }

            array[arrayIndex++] = record;
        }
    }

    public IEnumerator<PSStreamObject> GetEnumerator()
    {
        var passed = new Dictionary<PSStreamObjectType, int>();
        foreach (var kind in kinds)
        {
            var index = passed.GetValueOrDefault(kind);
            passed[kind] = index + 1;
            yield return streams[kind].At(index);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Add(PSStreamObject item) => Insert(Count, item);

    public bool Contains(PSStreamObject item) => throw new NotSupportedException();

    public int IndexOf(PSStreamObject item) => throw new NotSupportedException();

    public bool Remove(PSStreamObject item) => throw new NotSupportedException();

    // Whoever has the job may take from its streams at any time.
    private sealed class Stream<T>(PSDataCollection<T> records, PSStreamObjectType kind, Func<T, object?> content) : IStream
    {
        private readonly object gate = ((ICollection)records).SyncRoot;

        public PSStreamObject At(int index)
        {
            lock (gate)
            {
                return index < records.Count ? new PSStreamObject(kind, content(records[index])) : Nothing;
            }
        }

        public void RemoveFirst()
        {
            lock (gate)
            {
                if (records.Count > 0)
                {
                    records.RemoveAt(0);
                }
            }
        }
    }
}
