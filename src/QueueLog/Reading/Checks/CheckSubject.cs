namespace QueueLog.Reading.Checks;

/// <summary>What a result of a check is about.</summary>
public enum CheckSubject
{
    /// <summary>The records of one client: of a process, from its first to its last.</summary>
    Process,

    /// <summary>The records by which a listener itself tells what happened; they are numbered by themselves.</summary>
    Listener,

    /// <summary>The lines of one file.</summary>
    File,
}
