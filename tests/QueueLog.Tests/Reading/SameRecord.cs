using System.Text;
using QueueLog.Reading;
using QueueLog.Wire;

namespace QueueLog.Tests.Reading;

/// <summary>Compares what was written with what was read, field by field.</summary>
internal static class SameRecord
{
    public static void Assert(scoped in RecordView expected, scoped in EntryView actual)
    {
        Xunit.Assert.Equal(EntryState.Record, actual.State);
        Xunit.Assert.Equal(Describe(in expected), Describe(in actual.Record));
    }

    public static string Describe(scoped in RecordView record)
    {
        var text = new StringBuilder();
        text.AppendLine($"time {record.UtcTicks} {record.OffsetMinutes}");
        text.AppendLine($"level {record.Level} pid {record.Pid} item {record.Item} attempt {record.Attempt} sequence {record.Sequence}");
        Append(text, "message", record.Message);
        Append(text, "template", record.Template);
        Append(text, "category", record.Category);
        Append(text, "process", record.Process);
        Append(text, "worker", record.Worker);
        Append(text, "caller", record.Caller);
        text.AppendLine($"exception {record.HasException}");
        Append(text, "type", record.ExceptionType);
        Append(text, "message", record.ExceptionMessage);
        Append(text, "stack", record.ExceptionStackTrace);
        var properties = record.ReadProperties();
        while (properties.Read())
        {
            Append(text, "name", properties.Name);
            text.AppendLine($"{properties.Kind} {properties.Integer} {properties.OffsetMinutes}");
            text.AppendLine($"text {Convert.ToHexString(properties.Text)}");
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, ReadOnlySpan<byte> value) =>
        text.AppendLine($"{name} {string.Concat(Encoding.UTF8.GetString(value).Select(c => c is > ' ' and <= '~' ? c.ToString() : $"<{(int)c:x}>"))}");
}
