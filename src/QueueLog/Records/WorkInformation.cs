namespace QueueLog.Records;

/// <summary>What crosses of a record of the information stream.</summary>
internal sealed record WorkInformation
{
    /// <summary>The encoded message; the text of it when <see cref="IsHostMessage"/>.</summary>
    public byte[] Message { get; init; } = [];

    /// <summary>Whether it was written with <c>Write-Host</c>, with colours and line end of its own.</summary>
    public bool IsHostMessage { get; init; }

    /// <summary>Number of the console colour, or -1.</summary>
    public int Foreground { get; init; } = -1;

    public int Background { get; init; } = -1;

    public bool NoNewLine { get; init; }

    public string Source { get; init; } = "";

    public string[] Tags { get; init; } = [];

    public string User { get; init; } = "";

    public string Computer { get; init; } = "";

    public int ProcessId { get; init; }

    /// <summary>UTC time in ticks of 100 ns.</summary>
    public long UtcTicks { get; init; }
}
