using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Client;

/// <summary>The way of a client's records to their listener: they are numbered on it, and keep their order. Thread-safe: all of a process's threads share it.</summary>
internal interface IRecordChannel
{
    /// <summary>Number of the last record taken.</summary>
    long LastSequence { get; }

    /// <summary>Numbers a record and takes it; waits while there is no room, unless the listener's user wants it otherwise.</summary>
    /// <param name="record">The record as encoded.</param>
    /// <param name="level">Its level.</param>
    /// <param name="cancellation">Ends a wait.</param>
    /// <returns>Accepted, Dropped, or NoListener when the channel is completed or there is neither room nor, for long, a listener.</returns>
    /// <exception cref="OperationCanceledException">Cancelled while waiting; the record was not taken.</exception>
    /// <exception cref="Journal.JournalException">It is too long for the channel, and there is no room for a file of its own.</exception>
    WriteResult Append(ByteWriter record, LogLevel level, CancellationToken cancellation);

    /// <summary>Counts records that nobody took in time: the log is told, by this listener or the next.</summary>
    /// <returns>False when no listener hears of this channel any more.</returns>
    bool TryCountLost(long count);

    /// <summary>Takes no more records; what it has taken still goes its way.</summary>
    void Complete();
}
