namespace QueueLog.Sinks.RollingFile;

/// <summary>What is put behind the name of a log where its file is rolled.</summary>
public enum RollNames
{
    /// <summary>A number: <c>run.log.1</c> is the newest.</summary>
    Number,

    /// <summary>The time the records are of: <c>run.log.2026-11-25</c>.</summary>
    Date,
}
