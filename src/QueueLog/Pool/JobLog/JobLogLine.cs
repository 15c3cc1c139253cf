using System.Globalization;
using System.Text;
using System.Text.Json;
using QueueLog.Records;

namespace QueueLog.Pool.JobLog;

/// <summary>Reads one line of a job log.</summary>
internal static class JobLogLine
{
    // An input, an output and a message may each be gigabytes long, and are read by people here.
    private const int LongestInput = 4000;
    private const int MostErrors = 20;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <returns>Null for what is no whole line of a job log.</returns>
    public static JobLogItem? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line, Options);
            return json.Read() && json.TokenType == JsonTokenType.StartObject ? ReadItem(ref json, line) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static JobLogItem? ReadItem(ref Utf8JsonReader json, ReadOnlySpan<byte> line)
    {
        var item = new JobLogItem();
        bool hasIndex = false, hasStatus = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = json.ValueSpan;
            json.Read();
            switch (Encoding.UTF8.GetString(name.Length > 16 ? name[..16] : name))
            {
                case "Key":
                    item = item with { Key = InputKey.Parse(json.GetString()) };
                    break;
                case "Index":
                    item = item with { Index = json.GetInt64() };
                    hasIndex = true;
                    break;
                case "Status":
                    hasStatus = Enum.TryParse<ItemStatus>(json.GetString(), out var status);
                    item = item with { Status = status };
                    break;
                case "Attempt":
                    item = item with { Attempt = json.GetInt32() };
                    break;
                case "Worker":
                    item = item with { Worker = json.GetString() ?? "" };
                    break;
                case "Pid":
                    item = item with { Pid = json.GetInt32() };
                    break;
                case "Queued":
                    item = item with { Queued = TimeOf(ref json) };
                    break;
                case "Started":
                    item = item with { Started = TimeOf(ref json) };
                    break;
                case "Ended":
                    item = item with { Ended = TimeOf(ref json) };
                    break;
                case "Duration":
                    item = item with { Duration = json.GetString() is { } text ? TimeSpan.ParseExact(text, "c", CultureInfo.InvariantCulture) : null };
                    break;
                case "ExitCode":
                    item = item with { ExitCode = json.TokenType == JsonTokenType.Null ? null : json.GetInt32() };
                    break;
                case "Input":
                    item = item with { Input = TextOf(ref json, line) };
                    break;
                case "Errors":
                    item = item with { Errors = ReadErrors(ref json) };
                    break;
                default:
                    json.Skip();
                    break;
            }
        }

        // A line that was cut ends in an exception; one that is another program's lacks these.
        return hasIndex && hasStatus && json.TokenType == JsonTokenType.EndObject ? item : null;
    }

    private static List<JobLogError> ReadErrors(ref Utf8JsonReader json)
    {
        List<JobLogError> errors = [];
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return errors;
        }

        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            string message = "", id = "", trace = "";
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isMessage = json.ValueTextEquals("Message"u8);
                var isId = json.ValueTextEquals("Id"u8);
                var isTrace = json.ValueTextEquals("StackTrace"u8);
                json.Read();
                if (isMessage)
                {
                    message = json.GetString() ?? "";
                }
                else if (isId)
                {
                    id = json.GetString() ?? "";
                }
                else if (isTrace)
                {
                    trace = json.GetString() ?? "";
                }
                else
                {
                    json.Skip();
                }
            }

            if (errors.Count < MostErrors)
            {
                errors.Add(new JobLogError(message, id, trace));
            }
        }

        return errors;
    }

    private static DateTimeOffset? TimeOf(ref Utf8JsonReader json) => json.TokenType == JsonTokenType.Null ? null : json.GetDateTimeOffset();

    private static string TextOf(ref Utf8JsonReader json, ReadOnlySpan<byte> line)
    {
        if (json.TokenType == JsonTokenType.String)
        {
            return json.GetString()!;
        }

        var start = (int)json.TokenStartIndex;
        json.Skip();
        var text = line[start..(int)json.BytesConsumed];
        return Encoding.UTF8.GetString(text.Length > LongestInput ? text[..LongestInput] : text);
    }
}
