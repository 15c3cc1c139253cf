using System.Collections;
using System.Management.Automation;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace QueueLog.Host.Prelude.Text;

[Cmdlet(VerbsData.ConvertTo, "Json")]
public sealed class ConvertToJsonCommand : PSCmdlet
{
    private readonly List<object?> _items = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public object? InputObject { get; set; }

    [Parameter]
    [ValidateRange(0, 100)]
    public int Depth { get; set; } = 2;

    [Parameter]
    public SwitchParameter Compress { get; set; }

    [Parameter]
    public SwitchParameter EnumsAsStrings { get; set; }

    [Parameter]
    public SwitchParameter AsArray { get; set; }

    protected override void ProcessRecord() => _items.Add(InputObject);

    protected override void EndProcessing()
    {
        if (_items.Count == 0)
        {
            return;
        }

        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions { Indented = !Compress, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            Write(writer, _items.Count == 1 && !AsArray ? _items[0] : _items, 0);
        }

        WriteObject(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        var wrapper = value as PSObject;
        switch (wrapper is null || wrapper.BaseObject is PSCustomObject ? value : wrapper.BaseObject)
        {
            case null or DBNull:
                writer.WriteNullValue();
                break;
            case string or char or Guid or Uri or Version:
                writer.WriteStringValue(value!.ToString());
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case DateTime date:
                writer.WriteStringValue(date);
                break;
            case DateTimeOffset date:
                writer.WriteStringValue(date);
                break;
            case Enum name when EnumsAsStrings:
                writer.WriteStringValue(name.ToString());
                break;
            case Enum number:
                writer.WriteNumberValue(LanguagePrimitives.ConvertTo<long>(number));
                break;
            case var number when number is double or float:
                writer.WriteNumberValue(LanguagePrimitives.ConvertTo<double>(number));
                break;
            case var number when LanguagePrimitives.TryConvertTo<decimal>(number, out var exact) && number.GetType().IsPrimitive:
                writer.WriteNumberValue(exact);
                break;
            case decimal exact:
                writer.WriteNumberValue(exact);
                break;
            case var _ when depth > Depth:
                writer.WriteStringValue(LanguagePrimitives.ConvertTo<string>(value));
                break;
            case IDictionary table:
                WriteProperties(writer, table.Keys.Cast<object>().Select(key => (key.ToString()!, table[key])), depth);
                break;
            case IEnumerable many:
                WriteArray(writer, many, depth);
                break;
            default:
                WriteProperties(writer, Readable(wrapper ?? PSObject.AsPSObject(value)), depth);
                break;
        }
    }

    private void WriteArray(Utf8JsonWriter writer, IEnumerable many, int depth)
    {
        writer.WriteStartArray();
        foreach (var item in many)
        {
            Write(writer, item, depth + 1);
        }

        writer.WriteEndArray();
    }

    private void WriteProperties(Utf8JsonWriter writer, IEnumerable<(string Name, object? Value)> properties, int depth)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in properties)
        {
            writer.WritePropertyName(name);
            Write(writer, value, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<(string Name, object? Value)> Readable(PSObject item)
    {
        foreach (var property in item.Properties)
        {
            object? value = null;
            try
            {
                value = property.Value;
            }
            catch (GetValueException)
            {
                // A property that cannot be read says nothing, as with pwsh.
            }

            yield return (property.Name, value);
        }
    }
}
