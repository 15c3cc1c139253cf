using System.Text.Json;
using Serilog.Events;
using Serilog.Parsing;

namespace QueueLog.Tests.Formatting;

/// <summary>Makes the message of a line of CLEF with Serilog's own parser and events, as its reader of the format does.</summary>
internal static class SerilogRenderer
{
    private static readonly MessageTemplateParser Parser = new();

    public static string Render(string line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var template = root.TryGetProperty("@mt", out var given)
            ? Parser.Parse(given.GetString()!)
            : new MessageTemplate([new TextToken(root.GetProperty("@m").GetString()!)]);
        var renderings = root.TryGetProperty("@r", out var texts)
            ? template.Tokens.OfType<PropertyToken>().Where(token => token.Format is not null)
                .Zip(texts.EnumerateArray(), (token, text) => (token.PropertyName, token.Format, Text: text.GetString()!)).ToArray()
            : [];
        var properties = root.EnumerateObject()
            .Where(member => member.Name is not ['@', not '@', ..])
            .Select(member => new LogEventProperty(NameOf(member.Name), ValueOf(member.Value, [.. renderings.Where(rendering => rendering.PropertyName == member.Name).Select(rendering => (rendering.Format!, rendering.Text))])));
        return new LogEvent(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, template, properties).RenderMessage(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string NameOf(string name) => name.StartsWith("@@", StringComparison.Ordinal) ? name[1..] : string.IsNullOrWhiteSpace(name) ? "(unnamed)" : name;

    private static LogEventPropertyValue ValueOf(JsonElement value, (string Format, string Text)[] renderings) => value.ValueKind switch
    {
        JsonValueKind.Null => new ScalarValue(null),
        JsonValueKind.Object => new StructureValue(value.EnumerateObject().Select(member => new LogEventProperty(NameOf(member.Name), ValueOf(member.Value, [])))),
        JsonValueKind.Array => new SequenceValue(value.EnumerateArray().Select(element => ValueOf(element, []))),
        JsonValueKind.Number => new RenderedValue(ClefRenderer.Number(value.GetRawText()), renderings),
        JsonValueKind.String => new RenderedValue(value.GetString(), renderings),
        _ => new RenderedValue(value.GetBoolean(), renderings),
    };

    private sealed class RenderedValue(object? value, (string Format, string Text)[] renderings) : ScalarValue(value)
    {
        public override void Render(TextWriter output, string? format = null, IFormatProvider? formatProvider = null)
        {
            var text = Array.Find(renderings, rendering => rendering.Format == format).Text;
            if (text is not null)
            {
                output.Write(text);
                return;
            }

            base.Render(output, format, formatProvider);
        }
    }
}
