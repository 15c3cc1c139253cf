namespace QueueLog.Workers.Child;

/// <summary>What comes next in a worker.</summary>
internal enum WorkKind
{
    Definition,
    Item,

    /// <summary>The present run is to be given up.</summary>
    Cancel,

    /// <summary>Items that are not begun are to be given back.</summary>
    Withdraw,
    End,
}
