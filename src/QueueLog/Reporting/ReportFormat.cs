namespace QueueLog.Reporting;

/// <summary>What a report of a run is written as.</summary>
public enum ReportFormat
{
    /// <summary>A page for a browser, in one file.</summary>
    Html,

    /// <summary>The trace event format, for Perfetto and chrome://tracing.</summary>
    ChromeTrace,
}
