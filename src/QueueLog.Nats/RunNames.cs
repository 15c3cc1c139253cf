using QueueLog.Queue;

namespace QueueLog.Nats;

/// <summary>What the things of a run are called on the server.</summary>
internal sealed class RunNames
{
    private const string Prefix = "QL-";
    private const string ObjectPrefix = "OBJ_";
    private static readonly string[] Suffixes = ["-work", "-done", "-log", "-blob"];

    public RunNames(string run) =>
        Run = QueueName.IsValid(run) ? run : throw new ArgumentException($"'{run}' cannot be the name of a run on a queue.", nameof(run));

    public string Run { get; }

    public string Work => $"{Prefix}{Run}-work";

    public string Done => $"{Prefix}{Run}-done";

    public string Log => $"{Prefix}{Run}-log";

    public string Blobs => $"{Prefix}{Run}-blob";

    public string BlobStream => $"{ObjectPrefix}{Blobs}";

    /// <returns>Null for a stream of something else.</returns>
    public static string? OfStream(string stream)
    {
        var name = stream.StartsWith(ObjectPrefix, StringComparison.Ordinal) ? stream[ObjectPrefix.Length..] : stream;
        return name.StartsWith(Prefix, StringComparison.Ordinal) && Array.Find(Suffixes, suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix && name.Length > Prefix.Length + suffix.Length
            ? name[Prefix.Length..^suffix.Length]
            : null;
    }

    /// <summary>The part of a subject that names what it is of: a chunk, a host, a key.</summary>
    public static string LastToken(string subject) => subject[(subject.LastIndexOf('.') + 1)..];

    public string WorkSubject(string chunk) => $"ql.{Run}.w.{chunk}";

    public string DoneSubject(string chunk) => $"ql.{Run}.d.{chunk}";

    public string LogSubject(string host) => $"ql.{Run}.l.{host}";
}
