using QueueLog.Journal;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>Both sides of a ring, in a folder of its own.</summary>
internal sealed class TestRing : IDisposable
{
    private readonly TempFolder folder = new();

    public TestRing(int capacity = RingLayout.SmallestCapacity, RingOwner? owner = null, long lastSequence = 0)
    {
        Writer = RingWriter.Create(folder.Path, owner ?? OwnerOf(Environment.ProcessId, ProcessStart.Own), capacity, lastSequence);
        Reader = RingReader.Open(Writer.Path);
    }

    public RingWriter Writer { get; }

    public RingReader Reader { get; }

    public string[] Files => folder.FilesIn();

    public static RingOwner OwnerOf(int pid, long started) => new(new ClientIdentity(pid, "Worker-1", null), started, EndsUnasked: false);

    public bool TryAppend(string message) => Writer.TryAppend(Encoded.Record(message));

    /// <summary>Appends a text and a number until there is no room.</summary>
    /// <returns>How many went in.</returns>
    public int Fill(string text = "filler ")
    {
        var count = 0;
        while (TryAppend($"{text}{count}"))
        {
            count++;
        }

        return count;
    }

    /// <summary>Reads what is there and not yet read.</summary>
    public List<string> ReadAll()
    {
        var messages = new List<string>();
        while (Reader.TryRead(out var record))
        {
            messages.Add(Encoded.MessageOf(record));
        }

        return messages;
    }

    public void CommitAll() => Reader.Commit(Reader.Position, Writer.LastSequence);

    /// <summary>Writes a number into the ring's file, as a writer that has lost its mind would.</summary>
    public void Poke(int offset, long value) => Poke(Writer.Path, offset, BitConverter.GetBytes(value));

    public static void Poke(string path, long offset, ReadOnlySpan<byte> bytes)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(file, bytes, offset);
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
        folder.Dispose();
    }
}
