using System.Text;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Support;

/// <summary>A record to be seen through a <see cref="RecordView"/>, made without the encoder that is tested elsewhere.</summary>
internal sealed class SampleRecord
{
    private readonly ByteWriter properties = new();

    public DateTimeOffset Timestamp { get; init; } = new DateTimeOffset(2026, 3, 4, 15, 6, 7, TimeSpan.FromHours(2)).AddTicks(1234567);

    public LogLevel Level { get; init; } = LogLevel.Information;

    public byte[] MessageBytes { get; init; } = "hello"u8.ToArray();

    public string Message
    {
        init => MessageBytes = Encoding.UTF8.GetBytes(value);
    }

    public string Template { get; init; } = "";

    public string Category { get; init; } = "";

    public string Process { get; init; } = "Worker-1";

    public string Worker { get; init; } = "";

    public string Caller { get; init; } = "";

    public int Pid { get; init; } = 4711;

    public long Item { get; init; } = -1;

    public int Attempt { get; init; } = 1;

    public long Sequence { get; init; } = 1;

    public ExceptionInfo? Exception { get; init; }

    /// <summary>A record with every field; properties are added to it.</summary>
    public static SampleRecord Whole(string message = "item 3 of 9") => new()
    {
        Level = LogLevel.Warning,
        Message = message,
        Template = "item {Item} of {Total}",
        Worker = "Worker-1",
        Item = 3,
        Attempt = 2,
        Category = "Db.Import",
        Sequence = 12,
        Caller = "import.ps1:42",
        Exception = Some.Exception("boom", "at X\nat Y"),
    };

    public RecordView View => new()
    {
        UtcTicks = Timestamp.UtcTicks,
        OffsetMinutes = (short)Timestamp.Offset.TotalMinutes,
        Level = Level,
        Sequence = Sequence,
        Pid = Pid,
        Item = Item,
        Attempt = Item < 0 ? 0 : Attempt,
        Message = MessageBytes,
        Template = Encoding.UTF8.GetBytes(Template),
        Category = Encoding.UTF8.GetBytes(Category),
        Process = Encoding.UTF8.GetBytes(Process),
        Worker = Encoding.UTF8.GetBytes(Worker),
        Caller = Encoding.UTF8.GetBytes(Caller),
        HasException = Exception is not null,
        ExceptionType = Encoding.UTF8.GetBytes(Exception?.Type ?? ""),
        ExceptionMessage = Encoding.UTF8.GetBytes(Exception?.Message ?? ""),
        ExceptionStackTrace = Encoding.UTF8.GetBytes(Exception?.StackTrace ?? ""),
        Properties = properties.Written,
    };

    public SampleRecord With(string name, object? value)
    {
        properties.WriteText(name);
        switch (value)
        {
            case null:
                properties.WriteByte((byte)PropertyKind.Null);
                break;
            case string text:
                properties.WriteByte((byte)PropertyKind.Text);
                properties.WriteText(text);
                break;
            case int or long:
                properties.WriteByte((byte)PropertyKind.Integer);
                properties.WriteInt64(Convert.ToInt64(value));
                break;
            case double number:
                properties.WriteByte((byte)PropertyKind.Double);
                properties.WriteInt64(BitConverter.DoubleToInt64Bits(number));
                break;
            case bool flag:
                properties.WriteByte((byte)PropertyKind.Boolean);
                properties.WriteByte(flag ? (byte)1 : (byte)0);
                break;
            case DateTimeOffset time:
                properties.WriteByte((byte)PropertyKind.Timestamp);
                properties.WriteInt64(time.UtcTicks);
                properties.WriteInt16((short)time.Offset.TotalMinutes);
                break;
            case NumberOf number:
                properties.WriteByte((byte)PropertyKind.Number);
                properties.WriteText(number.Digits);
                break;
            case object?[] list:
                properties.WriteByte((byte)PropertyKind.List);
                WithAll(list.Select(element => ("", element)));
                break;
            case (string, object?)[] members:
                properties.WriteByte((byte)PropertyKind.Object);
                WithAll(members);
                break;
            default:
                throw new ArgumentException($"No property can be a {value.GetType()}.", nameof(value));
        }

        return this;
    }

    private void WithAll(IEnumerable<(string Name, object? Value)> values)
    {
        var start = properties.BeginText();
        foreach (var (name, value) in values)
        {
            With(name, value);
        }

        properties.EndText(start);
    }
}

/// <summary>A number that travels in digits.</summary>
internal sealed record NumberOf(string Digits);
