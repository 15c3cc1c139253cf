using System.Collections.Specialized;
using System.Management.Automation;
using System.Text.Json;

namespace QueueLog.Host.Prelude.Text;

[Cmdlet(VerbsData.ConvertFrom, "Json")]
public sealed class ConvertFromJsonCommand : PSCmdlet
{
    private readonly List<string> _lines = [];

    [Parameter(Position = 0, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string InputObject { get; set; } = string.Empty;

    [Parameter]
    public SwitchParameter AsHashtable { get; set; }

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    [Parameter]
    [ValidateRange(1, 1024)]
    public int Depth { get; set; } = 1024;

    protected override void ProcessRecord() => _lines.Add(InputObject);

    protected override void EndProcessing()
    {
        // Lines of one document, or a document on each line: the first line tells.
        if (_lines.Count > 1 && TryRead(_lines[0], out _))
        {
            _lines.ForEach(line => Give(Read(line)));
        }
        else if (_lines.Exists(line => !string.IsNullOrWhiteSpace(line)))
        {
            Give(Read(string.Join('\n', _lines)));
        }
    }

    private void Give(object? value) => WriteObject(value, !NoEnumerate);

    private object? Read(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (JsonException failure)
        {
            ThrowTerminatingError(new ErrorRecord(
                new ArgumentException($"Conversion from JSON failed with error: {failure.Message}", failure),
                "JsonConversionFailed",
                ErrorCategory.InvalidData,
                text));
            throw;
        }
    }

    private bool TryRead(string text, out object? value)
    {
        try
        {
            value = Parse(text);
            return true;
        }
        catch (JsonException)
        {
            value = null;
            return false;
        }
    }

    private object? Parse(string text)
    {
        var options = new JsonDocumentOptions { MaxDepth = Depth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        using var document = JsonDocument.Parse(text, options);
        return Value(document.RootElement);
    }

    private object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object when AsHashtable => Table(element),
        JsonValueKind.Object => Properties(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToArray(),
        JsonValueKind.String => element.TryGetDateTime(out var date) && element.GetString()!.Contains('T', StringComparison.Ordinal) ? date : element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var number) ? number : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private OrderedDictionary Table(JsonElement element)
    {
        var table = new OrderedDictionary();
        foreach (var property in element.EnumerateObject())
        {
            table[property.Name] = Value(property.Value);
        }

        return table;
    }

    private PSObject Properties(JsonElement element)
    {
        var item = new PSObject();
        foreach (var property in element.EnumerateObject())
        {
            item.Properties.Add(new PSNoteProperty(property.Name, Value(property.Value)));
        }

        return item;
    }
}
