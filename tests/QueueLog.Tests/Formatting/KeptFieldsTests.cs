using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.VisualBasic.FileIO;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Formatting;

/// <summary>What Json, Logfmt and Csv make of any record has every field of it, for readers that know nothing of this project.</summary>
public sealed partial class KeptFieldsTests
{
    private const int Records = 2000;

    private static readonly string[] JsonNames = ["Process", "Pid", "Worker", "Item", "Attempt", "SourceContext", "Sequence", "Caller", "ExceptionType", "ExceptionMessage", "MessageTemplate"];
    private static readonly string[] NumberColumns = ["Timestamp", "Level", "Pid", "Item", "Attempt", "Sequence"];
    private static readonly string[] LogfmtKeys = ["ts", "level", "msg", "template", "process", "pid", "worker", "item", "attempt", "category", "seq", "caller", "exception_type", "exception", "stack"];
    private static readonly string[] LogfmtNames = ["Timestamp", "Level", "Message", "Template", "Process", "Pid", "Worker", "Item", "Attempt", "Category", "Sequence", "Caller", "ExceptionType", "ExceptionMessage", "StackTrace"];

    [Fact]
    public void Json_is_read_by_any_reader_of_Json() => AssertKept(LogFormat.Json, line =>
    {
        using var json = JsonDocument.Parse(line);
        return OfJson(json.RootElement);
    });

    [Fact]
    public void Logfmt_is_pairs_of_a_key_and_a_word_or_a_text_of_Json() => AssertKept(LogFormat.Logfmt, OfLogfmt);

    [Fact]
    public void Csv_is_read_by_any_reader_of_Csv() => AssertKept(LogFormat.Csv, line =>
    {
        using var parser = new TextFieldParser(new StringReader(line)) { Delimiters = [","], HasFieldsEnclosedInQuotes = true, TrimWhiteSpace = false };
        var values = parser.ReadFields()!;
        Assert.True(parser.EndOfData);
        return OfCsv(FormatLines.Columns.Split(',').Zip(values).ToDictionary(pair => pair.First, pair => pair.Second));
    });

    [Fact]
    public async Task A_whole_log_of_Json_lines_is_read_by_Pythons_json_tool()
    {
        Assert.SkipUnless(PythonScript.IsThere, "python3 is not installed.");
        using var folder = new TempFolder();
        var records = Write(folder, LogFormat.Json);

        var output = await PythonScript.RunAsync("-m", "json.tool", "--json-lines", "--compact", "--no-ensure-ascii", folder.Combine("run.log"));

        // Python writes a number in its own way, but leaves the texts what they are.
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(records.Length, lines.Length);
        Assert.All(records.Zip(lines), pair =>
        {
            using var json = JsonDocument.Parse(pair.Second);
            Assert.Equal(pair.First.Message, json.RootElement.GetProperty("@m").GetString());
        });
    }

    [Fact]
    public async Task A_whole_log_of_Csv_is_read_by_Pythons_csv_module()
    {
        Assert.SkipUnless(PythonScript.IsThere, "python3 is not installed.");
        using var folder = new TempFolder();
        var records = Write(folder, LogFormat.Csv);
        const string Program = """
            import csv, json, sys
            with open(sys.argv[1], newline='', encoding='utf-8') as log:
                for row in csv.DictReader(log, strict=True):
                    json.loads(row['Properties'] or '{}')
                    print(json.dumps(row))
            """;

        var output = await PythonScript.RunAsync("-c", Program, folder.Combine("run.log"));

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(records.Length, lines.Length);
        Assert.All(records.Zip(lines), pair => Assert.Equal(KeptFields.Of(pair.First), OfCsv(JsonSerializer.Deserialize<Dictionary<string, string>>(pair.Second)!)));
    }

    [Theory]
    [InlineData(LogFormat.Json)]
    [InlineData(LogFormat.Logfmt)]
    [InlineData(LogFormat.Csv)]
    public void Any_bytes_become_one_line_of_text(LogFormat format)
    {
        var formatter = RecordFormat.Create(format);
        Gen.Byte.Array[0, 40].Sample(
            bytes =>
            {
                var record = new SampleRecord { MessageBytes = bytes };
                var line = formatter.Format(record.With("P", Encoding.Latin1.GetString(bytes)));
                Assert.DoesNotContain(line[..^1], char.IsControl);
                if (format == LogFormat.Json)
                {
                    using var json = JsonDocument.Parse(line);
                    Assert.Equal(Encoding.UTF8.GetString(bytes), json.RootElement.GetProperty("@m").GetString());
                }
            },
            iter: Records,
            threads: 1);
    }

    private static AnyRecord[] Write(TempFolder folder, LogFormat format)
    {
        var formatter = RecordFormat.Create(format);
        var records = AnyRecord.Any.Array[200].Single();
        File.WriteAllText(
            folder.Combine("run.log"),
            Encoding.UTF8.GetString(formatter.Lines!.Header) + string.Concat(records.Select(any => formatter.Format(any.Record))));
        return records;
    }

    private static void AssertKept(LogFormat format, Func<string, string> read)
    {
        var formatter = RecordFormat.Create(format);
        AnyRecord.Any.Sample(
            any =>
            {
                var line = formatter.Format(any.Record);
                Assert.Equal(line.Length - 1, line.AsSpan().IndexOfAny("\n\r\u0085\u2028\u2029"));
                Assert.Equal(KeptFields.Of(any), read(line[..^1]));
            },
            iter: Records,
            threads: 1,
            print: any => KeptFields.Of(any));
    }

    private static string OfJson(JsonElement json)
    {
        var fields = new Dictionary<string, string?> { ["Level"] = "Information" };
        var properties = new List<(string, object?)>();
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name.StartsWith("@@", StringComparison.Ordinal))
            {
                properties.Add((member.Name[1..], KeptFields.ValueOf(member.Value)));
            }
            else if (member.Name is ['@', ..] || JsonNames.Contains(member.Name))
            {
                fields[NameOf(member.Name)] = member.Name == "@l" ? LevelOf(member.Value.GetString()!) : member.Value.ToString();
            }
            else
            {
                properties.Add((Bare(member.Name, JsonNames), KeptFields.ValueOf(member.Value)));
            }
        }

        if (fields.Remove("Exception", out var exception))
        {
            var start = $"{fields["ExceptionType"]}: {fields["ExceptionMessage"]}";
            Assert.StartsWith(start, exception, StringComparison.Ordinal);
            fields["StackTrace"] = exception!.Length > start.Length ? exception[(start.Length + 1)..] : null;
        }

        return KeptFields.Join(fields.Select(field => (field.Key, field.Value)), properties);
    }

    private static string NameOf(string member) => member switch
    {
        "@t" => "Timestamp",
        "@m" => "Message",
        "@mt" or "MessageTemplate" => "Template",
        "@l" => "Level",
        "@x" => "Exception",
        "SourceContext" => "Category",
        _ => member,
    };

    private static string LevelOf(string name) => name switch
    {
        "Verbose" => "Trace",
        "Fatal" => "Critical",
        _ => name,
    };

    private static string OfLogfmt(string line)
    {
        var fields = new List<(string, string?)>();
        var properties = new List<(string, object?)>();
        var end = 0;
        foreach (Match pair in Pair().Matches(line))
        {
            Assert.Equal(end, pair.Index);
            end += pair.Length;
            var (key, word) = (pair.Groups[1].Value, pair.Groups[2].Value);
            var isQuoted = word is ['"', ..];
            var text = isQuoted ? JsonSerializer.Deserialize<string>(word)! : word;
            if (Array.IndexOf(LogfmtKeys, key) is var index and >= 0)
            {
                fields.Add((LogfmtNames[index], key == "level" ? KeptFields.Levels.Single(level => level.StartsWith(text, StringComparison.OrdinalIgnoreCase)) : text));
            }
            else
            {
                properties.Add((Bare(JsonSerializer.Deserialize<string>($"\"{key}\"")!, [.. LogfmtKeys, ""]), isQuoted ? text : WordOf(text)));
            }
        }

        Assert.Equal(line.Length, end);
        return KeptFields.Join(fields, properties);
    }

    private static object? WordOf(string word) =>
        KeptFields.Typed(word) is { } typed ? typed
        : word is "null" ? null
        : word is "true" or "false" ? word == "true"
        : long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer
        : double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : word;

    private static string OfCsv(Dictionary<string, string> row)
    {
        row.Remove("Properties", out var json);
        var properties = new List<(string, object?)>();
        if (!string.IsNullOrEmpty(json))
        {
            using var document = JsonDocument.Parse(json);
            properties.AddRange(document.RootElement.EnumerateObject().Select(member => (member.Name is ['@', ..] ? member.Name[1..] : member.Name, KeptFields.ValueOf(member.Value))));
        }

        return KeptFields.Join(row.Select(field => (field.Key, (string?)Escape().Replace(NumberColumns.Contains(field.Key) ? field.Value : Formula().Replace(field.Value, "$1"), escape => $"{(char)Convert.ToInt32(escape.Groups[1].Value, 16)}"))), properties);
    }

    // One _ less, where what is behind them all is taken.
    private static string Bare(string name, string[] taken) => name is ['_', ..] && taken.Contains(name.TrimStart('_'), StringComparer.OrdinalIgnoreCase) ? name[1..] : name;

    [GeneratedRegex(@"([^\s=""]+)=(""(?:[^""\\]|\\.)*""|[^\s=""]*)(?: |\z)")]
    private static partial Regex Pair();

    // A spreadsheet would run what begins like this.
    [GeneratedRegex(@"\A'('*[=+@-])")]
    private static partial Regex Formula();

    [GeneratedRegex(@"\\u([0-9a-fA-F]{4})")]
    private static partial Regex Escape();
}
