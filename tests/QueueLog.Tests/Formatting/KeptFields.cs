using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Formatting;

/// <summary>All that must be read from a log that keeps every field, in one form for every format: a line for each field and property.</summary>
internal static partial class KeptFields
{
    public static readonly string[] Levels = Enum.GetNames<LogLevel>();

    public static string Of(AnyRecord any)
    {
        var record = any.Record;
        var view = record.View;
        var fields = new List<(string, string?)>
        {
            ("Timestamp", Text(record.Timestamp)),
            ("Level", record.Level.ToString()),
            ("Message", any.Message),
            ("Template", record.Template),
            ("Category", record.Category),
            ("Process", record.Process),
            ("Worker", record.Worker),
            ("Caller", record.Caller),
            ("Pid", record.Pid == 0 ? null : Text(record.Pid)),
            ("Item", record.Item < 0 ? null : Text(record.Item)),
            ("Attempt", view.Attempt == 0 ? null : Text(view.Attempt)),
            ("Sequence", record.Sequence == 0 ? null : Text(record.Sequence)),
            ("ExceptionType", record.Exception?.Type),
            ("ExceptionMessage", record.Exception?.Message),
            ("StackTrace", record.Exception?.StackTrace),
        };
        return Join(fields, any.Properties.Select(property => (property.Name, property.Value)));
    }

    public static string Join(IEnumerable<(string Name, string? Value)> fields, IEnumerable<(string Name, object? Value)> properties) => string.Join(
        '\n',
        [
            .. fields.Where(field => !string.IsNullOrEmpty(field.Value)).OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{field.Name}: {JsonSerializer.Serialize(field.Value)}"),
            .. properties.Select(property => $"[{JsonSerializer.Serialize(property.Name)}] {property.Value?.GetType().Name}: {JsonSerializer.Serialize(Text(property.Value))}"),
        ]);

    /// <summary>A value of a JSON object, whose text says of which kind it is.</summary>
    public static object? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.GetRawText().AsSpan().ContainsAny('.', 'E') ? (object)value.GetDouble() : value.GetInt64(),
        _ => Typed(value.GetRawText()[1..^1]) ?? value.GetString(),
    };

    /// <summary>What a text is that says of which kind it is; null when it is only a text.</summary>
    public static object? Typed(string raw) => raw switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => RoundTrip().IsMatch(raw) ? DateTimeOffset.ParseExact(raw, "O", CultureInfo.InvariantCulture) : null,
    };

    private static string? Text(object? value) => value switch
    {
        DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d\z")]
    private static partial Regex RoundTrip();
}
