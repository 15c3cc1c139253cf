using System.Buffers;
using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>Turns a record into the bytes of one log entry, line end included.</summary>
internal interface IRecordFormatter
{
    /// <summary>Appends the UTF-8 of one entry. Called by one thread at a time.</summary>
    void Format(scoped in RecordView record, IBufferWriter<byte> output);
}
