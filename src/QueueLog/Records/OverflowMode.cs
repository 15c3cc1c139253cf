namespace QueueLog.Records;

/// <summary>What a writer does while the listener is so far behind that there is no room for its record.</summary>
public enum OverflowMode
{
    /// <summary>It waits: nothing is lost.</summary>
    Block,

    /// <summary>Records below a level are left out and counted; the others wait.</summary>
    DropBelow,

    /// <summary>The record is left out and counted, whatever its level.</summary>
    DropNewest,
}
