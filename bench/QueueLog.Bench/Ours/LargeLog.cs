using System.Globalization;
using System.Text;
using QueueLog.Bench.Compare;

namespace QueueLog.Bench.Ours;

/// <summary>A log of 1 GB in the default template, made when it is first asked for and gone with the process.</summary>
internal sealed class LargeLog(bool isAscii)
{
    public const long Length = 1_000_000_000;

    /// <summary>Stands in every millionth entry, and nowhere else.</summary>
    public const int EntriesBetweenHits = 1_000_000;

    public static readonly LargeLog Ascii = new(isAscii: true);
    public static readonly LargeLog AnyText = new(isAscii: false);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(2);
    private readonly Lazy<string> path = new(() => Make(isAscii));

    /// <summary>Time of the last entry.</summary>
    public DateTime End { get; } = new(2026, 11, 25, 12, 0, 0, DateTimeKind.Local);

    public string Path => path.Value;

    /// <summary>Null, or why it cannot be made.</summary>
    public static string? Missing =>
        new DriveInfo(System.IO.Path.GetTempPath()).AvailableFreeSpace < 4 * Length ? "there is not enough room on the disk" : null;

    public long Entries { get; private set; }

    /// <summary>Brings the file into the system's memory, so that no contender reads it from the disk for the others.</summary>
    public void Warm()
    {
        var buffer = new byte[1024 * 1024];
        using var file = File.OpenHandle(Path);
        for (long position = 0; RandomAccess.Read(file, buffer, position) is > 0 and var read; position += read)
        {
        }

        Entries = Entries == 0 ? Count() : Entries;
    }

    private static string Make(bool isAscii)
    {
        var folder = Directory.CreateTempSubdirectory("queuelog-bench-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var path = System.IO.Path.Combine(folder.FullName, "run.log");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1024 * 1024);
        var entries = Length / Encoding.UTF8.GetByteCount(Line(new DateTime(2026, 1, 1), 1_000_000, isAscii));
        var time = Ascii.End - Step * (entries - 1);
        for (long i = 0; i < entries; i++, time += Step)
        {
            file.Write(Encoding.UTF8.GetBytes(Line(time, i, isAscii)));
        }

        return path;
    }

    private static string Line(DateTime time, long number, bool isAscii)
    {
        var what = number % EntriesBetweenHits == EntriesBetweenHits / 2 ? "refused by gateway 17" : isAscii ? "sent to the archive" : "nach Zürich geschickt";
        return string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss,fff} Worker-{number % 10,-3} {(number % 100 == 0 ? "Warning" : "Information"),-11} record {number} of the night's work was {what}\n");
    }

    private long Count()
    {
        long count = 0;
        var buffer = new byte[1024 * 1024];
        using var file = File.OpenHandle(Path);
        for (long position = 0; RandomAccess.Read(file, buffer, position) is > 0 and var read; position += read)
        {
            count += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return count;
    }

    /// <exception cref="WrongResultException">It was not as many.</exception>
    public void CheckHits(long found)
    {
        var expected = (Entries + EntriesBetweenHits / 2 - 1) / EntriesBetweenHits;
        if (found != expected)
        {
            throw new WrongResultException($"{found} entries where {expected} match");
        }
    }
}
