namespace QueueLog.Records;

/// <summary>What every worker must know before its first item: the script and the state of the session it was written in.</summary>
internal sealed record WorkDefinition
{
    /// <summary>Number of the run, so that a standing worker can tell one from the next.</summary>
    public int Id { get; init; }

    /// <summary>Text of the script block.</summary>
    public string Script { get; init; } = "";

    /// <summary>Text of the block that runs once in each worker before its first item; empty for none.</summary>
    public string Initialization { get; init; } = "";

    /// <summary>Whether an array or hashtable is spread over the parameters.</summary>
    public bool Splat { get; init; }

    /// <summary>The session's file system location.</summary>
    public string Location { get; init; } = "";

    /// <summary>Names of the session's culture and of its language.</summary>
    public string Culture { get; init; } = "";

    public string UICulture { get; init; } = "";

    /// <summary>Further arguments of the script, after the item.</summary>
    public byte[][] Arguments { get; init; } = [];

    /// <summary>Values of the <c>$using:</c> expressions, by the engine's key for each.</summary>
    public NamedValue[] UsingValues { get; init; } = [];

    /// <summary>Preference variables of the session.</summary>
    public NamedValue[] Preferences { get; init; } = [];
}
