namespace QueueLog.Workers.Child;

/// <summary>What comes next in a worker.</summary>
internal enum WorkKind
{
    Definition,
    Item,
    End,
}
