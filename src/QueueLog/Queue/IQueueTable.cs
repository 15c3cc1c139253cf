namespace QueueLog.Queue;

/// <summary>Keys and values on the server. Any text may be a key.</summary>
internal interface IQueueTable
{
    /// <returns>Null where there is none.</returns>
    Task<TableEntry?> GetAsync(string key, CancellationToken cancellation);

    /// <summary>All entries there are, in no order.</summary>
    Task<IReadOnlyList<TableEntry>> GetAllAsync(CancellationToken cancellation);

    /// <summary>The keys there are, in no order.</summary>
    Task<IReadOnlyList<string>> GetKeysAsync(CancellationToken cancellation);

    /// <summary>Writes an entry, whatever was there.</summary>
    /// <returns>Its revision.</returns>
    Task<long> PutAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellation);

    /// <summary>Writes an entry if it still has a revision.</summary>
    /// <param name="key">Of the entry.</param>
    /// <param name="value">The new value.</param>
    /// <param name="revision">What the entry must have; 0 if there must be none.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The new revision; null when it had another one. After <see cref="QueueFault.Unreachable"/>, read the entry to know.</returns>
    Task<long?> TryUpdateAsync(string key, ReadOnlyMemory<byte> value, long revision, CancellationToken cancellation);

    /// <summary>Removes an entry; nothing happens where there is none.</summary>
    Task DeleteAsync(string key, CancellationToken cancellation);

    /// <summary>The entries there are, and then each change of one. Lost connections are made good: a change may be told twice, and of several of one key perhaps only the last.</summary>
    /// <remarks>Entries that vanish for their age are not told.</remarks>
    IAsyncEnumerable<TableEntry> WatchAsync(CancellationToken cancellation);
}

/// <param name="Key">Its key.</param>
/// <param name="Value">Its value; empty when it was deleted.</param>
/// <param name="Revision">Grows with each change in the table.</param>
/// <param name="IsDeleted">Whether this change was its end. Only told by a watch.</param>
internal sealed record TableEntry(string Key, ReadOnlyMemory<byte> Value, long Revision, bool IsDeleted = false);
