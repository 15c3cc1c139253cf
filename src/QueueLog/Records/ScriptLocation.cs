namespace QueueLog.Records;

/// <summary>Where a script was written, so that a worker can name the same file, line and column.</summary>
internal sealed record ScriptLocation
{
    /// <summary>Nowhere: typed at a prompt, or made from text.</summary>
    public static ScriptLocation None { get; } = new();

    /// <summary>Full path of the file; empty for none.</summary>
    public string File { get; init; } = "";

    /// <summary>1-based line and column of the first character.</summary>
    public int Line { get; init; } = 1;

    public int Column { get; init; } = 1;

    /// <summary>What the file says with <c>using namespace</c>: without it names of types mean something else.</summary>
    public string[] Namespaces { get; init; } = [];
}
