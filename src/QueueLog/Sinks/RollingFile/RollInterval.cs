namespace QueueLog.Sinks.RollingFile;

/// <summary>How long the time is whose records share a file, by the calendar.</summary>
public enum RollInterval
{
    /// <summary>A minute.</summary>
    Minute,

    /// <summary>An hour of the clock.</summary>
    Hour,

    /// <summary>A day, from midnight to midnight.</summary>
    Day,

    /// <summary>A week, which begins on Monday.</summary>
    Week,

    /// <summary>A month of the calendar.</summary>
    Month,
}
