using QueueLog.Wire;

namespace QueueLog.Sinks;

/// <summary>Where a listener writes. The listener's dispatcher is the only caller; exceptions propagate to its guard.</summary>
internal interface IRecordSink : IDisposable
{
    /// <summary>Records taken that will not appear after all. Read by any thread.</summary>
    long Lost => 0;

    /// <inheritdoc cref="Formatting.IRecordFormatter.WantsCaller"/>
    bool WantsCaller => false;

    /// <inheritdoc cref="Formatting.IRecordFormatter.WantsProperties"/>
    bool WantsProperties => true;

    /// <summary>Takes one record; may keep it in a buffer of its own until <see cref="Flush"/>.</summary>
    void Write(scoped in RecordView record);

    /// <summary>Hands everything taken to the operating system, in one write where that is possible.</summary>
    void Flush();
}
