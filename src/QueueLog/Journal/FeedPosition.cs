using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace QueueLog.Journal;

/// <summary>How far a log has the records of one spool of another machine: what the head is of a ring.</summary>
internal sealed class FeedPosition(string folder, string key, long committed)
{
    public const string Extension = ".feed";

    /// <summary>Whose records: the spool, as no other is called.</summary>
    public string Key => key;

    /// <summary>Up to where records have been given to the sinks.</summary>
    public long Read { get; set; } = committed;

    /// <summary>Up to where they are in the log.</summary>
    public long Committed { get; private set; } = committed;

    /// <summary>Everything that was read is written.</summary>
    /// <param name="isKept">Whether the next listener is to know it.</param>
    /// <exception cref="IOException">It cannot be kept beyond the end of this process.</exception>
    public void Commit(bool isKept)
    {
        Committed = Read;
        if (isKept)
        {
            Write(folder, key, Committed);
        }
    }

    /// <summary>What a journal knows.</summary>
    /// <param name="folder">The journal.</param>
    /// <param name="since">What did not move since is removed. Default: nothing.</param>
    public static IEnumerable<FeedPosition> ReadAll(string folder, DateTime since = default)
    {
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + Extension))
        {
            if (file.LastWriteTimeUtc < since)
            {
                RingFiles.TryDelete(file.FullName);
                continue;
            }

            var bytes = File.ReadAllBytes(file.FullName);

            // One that was being made is in the checkpoint, too.
            if (bytes.Length > sizeof(long))
            {
                yield return new FeedPosition(folder, Encoding.UTF8.GetString(bytes, sizeof(long), bytes.Length - sizeof(long)), BinaryPrimitives.ReadInt64LittleEndian(bytes));
            }
        }
    }

    /// <summary>Keeps a position. A process that is killed meanwhile leaves the old one or the new.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    // file = position:i64 key, by the start of a hash of the key
    public static void Write(string folder, string key, long position)
    {
        var utf8 = Encoding.UTF8.GetBytes(key);
        using var file = File.OpenHandle(Path.Combine(folder, Convert.ToHexString(SHA256.HashData(utf8))[..24].ToLowerInvariant() + Extension), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, position);
        if (RandomAccess.GetLength(file) == sizeof(long) + utf8.Length)
        {
            RandomAccess.Write(file, number, 0);
        }
        else
        {
            byte[] whole = [.. number, .. utf8];
            RandomAccess.Write(file, whole, 0);
        }
    }
}
