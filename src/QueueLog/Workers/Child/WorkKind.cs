namespace QueueLog.Workers.Child;

/// <summary>What comes next in a worker.</summary>
internal enum WorkKind
{
    Definition,
    Item,

    /// <summary>The present run is to be given up.</summary>
    Cancel,
    End,
}
