using System.Buffers;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Turns a record into the bytes of one log entry, line end included.</summary>
internal interface IRecordFormatter
{
    /// <summary>What its entries' format is called by in a file; null to leave that out.</summary>
    FormatLines? Lines => null;

    /// <summary>Whether it shows the place that wrote a record; writers look for that only where someone does.</summary>
    bool WantsCaller => false;

    /// <summary>Whether it shows properties, beyond those that the message has in its text; writers send them only where someone does.</summary>
    bool WantsProperties => true;

    /// <summary>Appends the UTF-8 of one entry. Called by one thread at a time.</summary>
    void Format(scoped in RecordView record, IBufferWriter<byte> output);
}
