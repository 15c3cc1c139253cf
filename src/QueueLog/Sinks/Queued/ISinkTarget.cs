namespace QueueLog.Sinks.Queued;

/// <summary>What stands behind a sink's queue. Used by the sink's own thread, but for <see cref="Stop"/>.</summary>
internal interface ISinkTarget : IDisposable
{
    /// <summary>Whether it runs code of the user's, which is not to be given what it logs itself.</summary>
    bool HasCode { get; }

    /// <inheritdoc cref="IRecordSink.WantsCaller"/>
    bool WantsCaller { get; }

    /// <inheritdoc cref="IRecordSink.WantsProperties"/>
    bool WantsProperties { get; }

    /// <summary>Records that were written into it and will not appear after all. Read by any thread.</summary>
    long Lost { get; }

    /// <summary>Takes a block of records; returns when each is written or left out.</summary>
    /// <returns>False when it was given up with the queue, and nothing more is to come.</returns>
    bool Write(ReadOnlySpan<byte> block, SinkQueue queue);

    /// <summary>What comes from now on stands behind a gap of so many records.</summary>
    void MarkGap(long records)
    {
    }

    /// <summary>Waits for what it does aside, such as the compression of old files, unless it is given up with the queue.</summary>
    void Drain(SinkQueue queue);

    /// <summary>Ends what is running. Called by another thread when time is over.</summary>
    void Stop();
}
