using System.Text.Json;
using QueueLog.Journal;

namespace QueueLog.Queue;

/// <summary>An entry of a table that a process writes again and again, so that others see that it lives.</summary>
// JSON, since other versions read it, to refuse a run with a reason.
internal abstract record OwnedEntry<TEntry>
    where TEntry : OwnedEntry<TEntry>
{
    public string Machine { get; init; } = "";

    public int Pid { get; init; }

    /// <summary>When that process started, as its system counts.</summary>
    public long ProcessStart { get; init; }

    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes((TEntry)this);

    /// <returns>Null when it is none.</returns>
    public static TEntry? Decode(ReadOnlySpan<byte> value)
    {
        try
        {
            return JsonSerializer.Deserialize<TEntry>(value);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What is known of the process that wrote this. Of one on this machine the system knows; one on another is dead when it is silent for too long.</summary>
    /// <param name="table">The table.</param>
    /// <param name="told">The entry as it was read.</param>
    /// <param name="silence">How long is too long.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<OwnerState> FindOwnerAsync(IQueueTable table, TableEntry told, TimeSpan silence, CancellationToken cancellation)
    {
        if (Machine == Environment.MachineName)
        {
            return QueueLog.Journal.ProcessStart.Of(Pid) == ProcessStart ? OwnerState.Alive : OwnerState.Dead;
        }

        await Task.Delay(silence, cancellation).ConfigureAwait(false);
        return await table.GetAsync(told.Key, cancellation).ConfigureAwait(false) is not { } later ? OwnerState.Gone
            : later.Revision == told.Revision ? OwnerState.Dead
            : OwnerState.Alive;
    }
}

/// <summary>What is known of the process that an entry is of.</summary>
internal enum OwnerState
{
    /// <summary>It is alive.</summary>
    Alive,

    /// <summary>It is dead and has left its entry.</summary>
    Dead,

    /// <summary>It has taken its entry away.</summary>
    Gone,
}
