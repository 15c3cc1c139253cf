using QueueLog.Wire;

namespace QueueLog.Formatting;

/// <summary>The texts of a record together.</summary>
internal static class RecordText
{
    /// <summary>Their bytes: about so much room an entry needs besides what the format adds.</summary>
    public static int Length(scoped in RecordView record) =>
        record.Message.Length + record.Template.Length + record.Category.Length + record.Process.Length + record.Worker.Length + record.Caller.Length
        + record.ExceptionType.Length + record.ExceptionMessage.Length + record.ExceptionStackTrace.Length + record.Properties.Length;
}
