using System.Collections;
using Microsoft.Extensions.Logging;
using QueueLog.Records;

namespace QueueLog.Extensions.Logging;

/// <summary>A record as loggers know their state: the values of its message, where it came from, and last its template.</summary>
internal sealed class RecordState : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string IdKey = "EventId";
    private const string NameKey = "EventName";

    private readonly List<KeyValuePair<string, object?>> values;
    private readonly string message;

    public RecordState(LogRecord record, bool hasCategory)
    {
        message = record.Message;
        values = new(record.Properties.Count + 10);
        foreach (var property in record.Properties)
        {
            if (!IsIdOfEvent(property, out _) && !IsNameOfEvent(property, out _))
            {
                values.Add(new(property.Name, property.Value));
            }
        }

        var given = values.Count;
        Add(nameof(record.Timestamp), record.Timestamp, given);
        Add(nameof(record.Category), hasCategory ? null : record.Category, given);
        Add(nameof(record.Process), record.Process, given);
        Add(nameof(record.Pid), record.Pid, given);
        Add(nameof(record.Worker), record.Worker, given);
        Add(nameof(record.Item), record.Item, given);
        Add(nameof(record.Attempt), record.Attempt, given);
        Add(nameof(record.Caller), record.Caller, given);
        Add(nameof(record.Sequence), record.Sequence > 0 ? record.Sequence : null, given);

        // A message without holes is its own template, in which braces are doubled.
        values.Add(new("{OriginalFormat}", record.Template ?? message.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)));
    }

    public int Count => values.Count;

    public KeyValuePair<string, object?> this[int index] => values[index];

    /// <summary>The event a record's properties name; 0 when they name none.</summary>
    public static EventId EventOf(LogRecord record)
    {
        var (id, name) = (0, (string?)null);
        foreach (var property in record.Properties)
        {
            if (IsIdOfEvent(property, out var givenId))
            {
                id = givenId;
            }
            else if (IsNameOfEvent(property, out var givenName))
            {
                name = givenName;
            }
        }

        return new EventId(id, name);
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => values.GetEnumerator();

    public override string ToString() => message;

    // A value no event can have stays a value like others.
    private static bool IsIdOfEvent(LogProperty property, out int id)
    {
        id = property.Value switch
        {
            int number => number,
            long number and >= int.MinValue and <= int.MaxValue => (int)number,
            _ => 0,
        };
        return id != 0 && property.Name.Equals(IdKey, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsNameOfEvent(LogProperty property, out string? name)
    {
        name = property.Value as string;
        return name is not null && property.Name.Equals(NameKey, StringComparison.OrdinalIgnoreCase);
    }

    // A name the message's own values have already gets an underscore, as often as it takes.
    private void Add(string name, object? value, int given)
    {
        if (value is null)
        {
            return;
        }

        while (values.FindIndex(0, given, item => item.Key.Equals(name, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            name = "_" + name;
        }

        values.Add(new(name, value));
    }
}
