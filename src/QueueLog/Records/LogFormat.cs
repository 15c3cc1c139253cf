namespace QueueLog.Records;

/// <summary>How the entries of a log are written.</summary>
public enum LogFormat
{
    /// <summary>Lines by a template: what it shows is kept.</summary>
    Text,

    /// <summary>An object a line, in Serilog's compact format. Keeps every field.</summary>
    Json,

    /// <summary><c>key=value</c> pairs. Keeps every field.</summary>
    Logfmt,

    /// <summary>A row of columns. Keeps every field.</summary>
    Csv,
}
