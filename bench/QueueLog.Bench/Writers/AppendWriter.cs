using System.Globalization;
using System.Text.Unicode;

namespace QueueLog.Bench.Writers;

/// <summary>One O_APPEND write(2) per record: what a log costs with nothing around it. FileMode.Append would lose lines.</summary>
internal sealed class AppendWriter(string path, string name) : RecordWriter
{
    public const string Kind = "append";
    public const string SyncedKind = "append-synced";

    private readonly int descriptor = LibC.OpenForAppend(path);
    private readonly byte[] line = new byte[256];

    /// <summary>Whether each record is on the disk before the next. Default: no.</summary>
    public bool SyncsEach { get; init; }

    public override void Write(int number, int total)
    {
        Utf8.TryWrite(
            line,
            CultureInfo.InvariantCulture,
            $"{DateTime.Now:yyyy-MM-dd HH:mm:ss,fff} {name,-10} {"Information",-11} record {number} of {total}\n",
            out var length);
        LibC.WriteWhole(descriptor, line.AsSpan(0, length));
        if (SyncsEach)
        {
            LibC.Sync(descriptor);
        }
    }

    public override void Dispose() => _ = LibC.Close(descriptor);
}
