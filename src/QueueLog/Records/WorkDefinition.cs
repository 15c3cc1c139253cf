namespace QueueLog.Records;

/// <summary>What every worker must know before its first item: the script and the state of the session it was written in.</summary>
internal sealed record WorkDefinition
{
    /// <summary>Number of the run, so that a standing worker can tell one from the next.</summary>
    public int Id { get; init; }

    /// <summary>Number of the run before, where that says the same in every other respect; -1 where it does not.</summary>
    public int Repeats { get; init; } = -1;

    /// <summary>Text of the script block.</summary>
    public string Script { get; init; } = "";

    /// <summary>Where the script block was written.</summary>
    public ScriptLocation ScriptLocation { get; init; } = ScriptLocation.None;

    /// <summary>Text of the block that runs once in each worker before its first item; empty for none.</summary>
    public string Initialization { get; init; } = "";

    /// <summary>Where that was written.</summary>
    public ScriptLocation InitializationLocation { get; init; } = ScriptLocation.None;

    /// <summary>Text of the block that runs once in each worker behind its last item; empty for none.</summary>
    public string EndScript { get; init; } = "";

    /// <summary>Where that was written.</summary>
    public ScriptLocation EndScriptLocation { get; init; } = ScriptLocation.None;

    /// <summary>How long the worker's code may take to end with the worker.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>Whether each item is an array of inputs.</summary>
    public bool IsBatch { get; init; }

    /// <summary>Whether an array or hashtable is spread over the parameters.</summary>
    public bool Splat { get; init; }

    /// <summary>Whether the streams of the items stay out of the log.</summary>
    public bool NoCapture { get; init; }

    /// <summary>What fails an item.</summary>
    public FailOn FailOn { get; init; } = FailOn.Error;

    /// <summary>Whether the session that has the listener shows the streams of the items as they come: their records say so.</summary>
    public bool ShowsStreams { get; init; }

    /// <summary>The session's file system location, or the one asked for.</summary>
    public string Location { get; init; } = "";

    /// <summary>Whether the location was asked for: that of a warm pool then goes before those of its callers.</summary>
    public bool IsLocationGiven { get; init; }

    /// <summary>Names of the session's culture and of its language.</summary>
    public string Culture { get; init; } = "";

    public string UICulture { get; init; } = "";

    /// <summary>Further arguments of the script, after the item.</summary>
    public byte[][] Arguments { get; init; } = [];

    /// <summary>Values of the <c>$using:</c> expressions, by the engine's key for each.</summary>
    public NamedValue[] UsingValues { get; init; } = [];

    /// <summary>Variables of the session that were asked for.</summary>
    public NamedValue[] Variables { get; init; } = [];

    /// <summary>Preference variables of the session.</summary>
    public NamedValue[] Preferences { get; init; } = [];

    /// <summary>The modules to import, in this order.</summary>
    public CarriedModule[] Modules { get; init; } = [];

    /// <summary>Functions of the session that the scripts use.</summary>
    public CarriedFunction[] Functions { get; init; } = [];

    /// <summary>Classes and enumerations that stand beside the scripts, as scripts that define them.</summary>
    public CarriedScript[] Types { get; init; } = [];

    /// <summary>Aliases of the session that the scripts use.</summary>
    public CarriedAlias[] Aliases { get; init; } = [];
}

/// <summary>A module that the session has imported, or that is named for import.</summary>
/// <param name="Name">Its name, or the path of its file.</param>
/// <param name="Prefix">What the nouns of its commands begin with; empty for nothing.</param>
/// <param name="Arguments">What it was given at its import.</param>
/// <param name="Commands">The commands that scripts use of it, by their names in the session; none where it is imported in any case.</param>
internal sealed record CarriedModule(string Name, string Prefix, byte[][] Arguments, string[] Commands)
{
    public CarriedModule(string name)
        : this(name, "", [], [])
    {
    }
}

/// <summary>An alias of the session, and the command it stands for.</summary>
internal sealed record CarriedAlias(string Name, string Definition);

/// <summary>A function or filter of the session.</summary>
/// <param name="Name">Its name, without a scope.</param>
/// <param name="Text">Its definition, or only its body.</param>
/// <param name="IsBody">Whether the text is the body alone, as of a block that was assigned to the function drive.</param>
/// <param name="Place">Where it was written.</param>
internal sealed record CarriedFunction(string Name, string Text, bool IsBody, ScriptLocation Location);

/// <summary>A script, and where it was written.</summary>
internal sealed record CarriedScript(string Text, ScriptLocation Location);

/// <summary>A value with a name, encoded for the way to a worker.</summary>
internal sealed record NamedValue(string Name, byte[] Value);
