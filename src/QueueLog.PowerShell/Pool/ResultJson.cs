using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.Json;
using QueueLog.Pool.JobLog;

namespace QueueLog.PowerShell.Pool;

/// <summary>An item's result as JSON: what JSON knows as it is, and of everything else the text.</summary>
internal static class ResultJson
{
    // As deep as the values that travel usually are; what lies deeper is text.
    private const int Deepest = 4;

    /// <summary>Writes the result of an item.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="key">Which input it was.</param>
    /// <param name="result">The result.</param>
    /// <param name="withValues">Whether with input and output, which are the user's.</param>
    public static void Write(Utf8JsonWriter json, InputKey key, ItemResult result, bool withValues)
    {
        json.WriteStartObject();
        json.WriteString("Key", key.ToString());
        json.WriteNumber("Index", result.Index);
        json.WriteString("Status", result.Status.ToString());
        json.WriteNumber("Attempt", result.Attempt);
        json.WriteString("Worker", result.Worker);
        json.WriteNumber("Pid", result.Pid);
        json.WriteString("Queued", result.Queued);
        WriteTime(json, "Started", result.Started);
        WriteTime(json, "Ended", result.Ended);
        json.WriteString("Duration", result.Duration?.ToString("c", CultureInfo.InvariantCulture));
        json.WritePropertyName("ExitCode");
        WriteValue(json, result.ExitCode, 0);
        json.WritePropertyName("Input");
        WriteValue(json, withValues ? result.Input : null, 0);
        json.WritePropertyName("Output");
        WriteValue(json, withValues ? result.Output : null, 0);
        json.WriteStartArray("Errors");
        foreach (var error in result.Errors)
        {
            json.WriteStartObject();
            json.WriteString("Message", error.Exception.Message);
            json.WriteString("Id", IdOf(error));
            json.WriteString("StackTrace", error.ScriptStackTrace);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WritePropertyName("Warnings");
        WriteValue(json, result.Warnings, 0);
        json.WritePropertyName("Information");
        WriteValue(json, Array.ConvertAll(result.Information, static record => (object?)TextOf(record)), 0);
        json.WriteEndObject();
    }

    // The engine adds the command that an error was written by, which here is always the same.
    private static string IdOf(ErrorRecord error)
    {
        var own = error.FullyQualifiedErrorId.IndexOf(",QueueLog.PowerShell.Commands.", StringComparison.Ordinal);
        return own < 0 ? error.FullyQualifiedErrorId : error.FullyQualifiedErrorId[..own];
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, object? value, int depth)
    {
        var wrapped = value as PSObject;
        value = wrapped?.BaseObject ?? value;
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case byte or sbyte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case float number when float.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case DateTime time:
                json.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time);
                break;
            case byte[] bytes:
                json.WriteBase64StringValue(bytes);
                break;
            case IDictionary dictionary when depth < Deepest:
                json.WriteStartObject();
                foreach (DictionaryEntry entry in dictionary)
                {
                    json.WritePropertyName(TextOf(entry.Key));
                    WriteValue(json, entry.Value, depth + 1);
                }

                json.WriteEndObject();
                break;
            case IList list when depth < Deepest:
                json.WriteStartArray();
                foreach (var element in list)
                {
                    WriteValue(json, element, depth + 1);
                }

                json.WriteEndArray();
                break;
            case PSCustomObject when wrapped is not null && depth < Deepest:
                WriteProperties(json, wrapped, depth);
                break;
            default:
                json.WriteStringValue(TextOf(wrapped ?? value));
                break;
        }
    }

    private static void WriteProperties(Utf8JsonWriter json, PSObject value, int depth)
    {
        json.WriteStartObject();
        foreach (var property in value.Properties)
        {
            // The others are code, and this may be a thread that runs none.
            if (property is PSNoteProperty)
            {
                json.WritePropertyName(property.Name);
                WriteValue(json, property.Value, depth + 1);
            }
        }

        json.WriteEndObject();
    }

    private static string TextOf(object? value)
    {
        try
        {
            return value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "";
        }
#pragma warning disable CA1031 // a hostile ToString must not keep its item out of the log
        catch (Exception)
#pragma warning restore CA1031
        {
            return value!.GetType().Name;
        }
    }
}
