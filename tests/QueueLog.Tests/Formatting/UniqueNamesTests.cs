using System.Text.Json;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Formatting;

/// <summary>Strict readers refuse an object that has a name twice.</summary>
public sealed class UniqueNamesTests
{
    [Theory]
    [InlineData("A|A", "A|A_2")]
    [InlineData("A|a|A", "A|a_2|A_3")]
    [InlineData("A|A|A_2", "A|A_3|A_2")]
    [InlineData("Item|item", "_Item|item_2")]
    [InlineData("|", "|_2")]
    [InlineData("@x|@x", "@@x|@@x_2")]
    [InlineData("A|B|C|D|E|F|G|H|I|J|K|L|M|N|O|P|Q|R|S|T|U|V|W|X|Y|Z|1A|2A", "A|B|C|D|E|F|G|H|I|J|K|L|M|N|O|P|Q|R|S|T|U|V|W|X|Y|Z|1A|2A")]
    public void A_name_stands_once_in_Json(string names, string written)
    {
        var record = names.Split('|').Aggregate(new SampleRecord { Message = "", Process = "", Pid = 0, Sequence = 0 }, (record, name) => record.With(name, 1));
        using var json = JsonDocument.Parse(new JsonFormatter().Format(record));

        Assert.Equal(written, string.Join('|', json.RootElement.EnumerateObject().Skip(2).Select(member => member.Name)));
    }

    [Theory]
    [InlineData(LogFormat.Logfmt, " A=1 A_2=2\n")]
    [InlineData(LogFormat.Csv, "\"{\"\"A\"\":1,\"\"A_2\"\":2}\"\n")]
    public void A_name_stands_once_elsewhere(LogFormat format, string end) =>
        Assert.EndsWith(end, RecordFormat.Create(format).Format(Some.Record().With("A", 1).With("A", 2)), StringComparison.Ordinal);
}
