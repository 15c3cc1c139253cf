using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Text;
using QueueLog.Pool.JobLog;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Session;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Pool.JobLog;

public sealed class InputHasherTests
{
    [Fact]
    public void Different_inputs_have_different_hashes()
    {
        object?[] inputs = [null, 1, 1L, "1", true, "", new object[] { 1, 2 }, new object[] { 2, 1 }, new Hashtable { ["a"] = 1 }, new Hashtable { ["a"] = 2 }, new Hashtable { ["b"] = 1 }];
        Assert.Equal(inputs.Length, inputs.Select(HashOf).Distinct().Count());
    }

    [Fact]
    public void A_hashtable_has_the_same_hash_in_whatever_order_a_process_gives_its_entries()
    {
        // As two processes write the same table: the types are named where they come first, and referred to after that.
        var first = Clixml("""
            <Obj RefId="0"><TN RefId="0"><T>System.Collections.Hashtable</T><T>System.Object</T></TN><DCT>
            <En><S N="Key">a</S><Obj N="Value" RefId="1"><TN RefId="1"><T>System.Object[]</T></TN><LST><I32>1</I32></LST></Obj></En>
            <En><S N="Key">b</S><Obj N="Value" RefId="2"><TNRef RefId="1" /><LST><I32>2</I32></LST></Obj></En></DCT></Obj>
            """);
        var second = Clixml("""
            <Obj RefId="0"><TN RefId="0"><T>System.Collections.Hashtable</T><T>System.Object</T></TN><DCT>
            <En><S N="Key">b</S><Obj N="Value" RefId="1"><TN RefId="1"><T>System.Object[]</T></TN><LST><I32>2</I32></LST></Obj></En>
            <En><S N="Key">a</S><Obj N="Value" RefId="2"><TNRef RefId="1" /><LST><I32>1</I32></LST></Obj></En></DCT></Obj>
            """);
        Assert.Equal(InputHasher.Of(first), InputHasher.Of(second));
        Assert.NotEqual(InputHasher.Of(first), InputHasher.Of(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(second).Replace("<I32>2", "<I32>3", StringComparison.Ordinal))));
    }

    [Fact]
    public void A_graph_has_the_same_hash_in_whatever_order_a_process_gives_the_entries_of_its_tables()
    {
        var shared = Custom("s", 1);
        var (one, other) = (new Hashtable(1), new Hashtable(1000));
        for (var i = 0; i < 20; i++)
        {
            one[i * 7] = i % 5 == 0 ? shared : new object[] { i };
            other[(19 - i) * 7] = (19 - i) % 5 == 0 ? shared : new object[] { 19 - i };
        }

        Assert.True(ValueCodec.IsGraph(ValueSerializer.ToBytes(one)));
        Assert.NotEqual(ValueSerializer.ToBytes(one), ValueSerializer.ToBytes(other));
        Assert.Equal(HashOf(one), HashOf(other));
        Assert.Equal(HashOf(new object[] { one, Custom("x", one), 3 }), HashOf(new object[] { other, Custom("x", other), 3 }));
        other[7] = new object[] { 3 };
        Assert.NotEqual(HashOf(one), HashOf(other));
    }

    [Fact]
    public void Graphs_that_differ_in_what_a_reference_leads_to_or_in_an_order_that_counts_have_different_hashes()
    {
        var (a, b) = (Custom("v", 1), Custom("v", 2));
        var (first, second) = (new OrderedDictionary { ["a"] = 1, ["b"] = 2 }, new OrderedDictionary { ["b"] = 2, ["a"] = 1 });
        object[] graphs = [new object[] { a, b, a }, new object[] { a, b, b }, first, second];
        Assert.Equal(graphs.Length, graphs.Select(HashOf).Distinct().Count());
        Assert.Equal(HashOf(new object[] { a, b, a }), HashOf(new object[] { a, b, Custom("v", 1) }));
    }

    [Fact]
    public void What_the_engine_serializes_is_told_apart_by_what_a_reference_leads_to_by_an_order_that_counts_and_by_where_a_text_ends()
    {
        // The engine serializes a value as a whole that holds such an object.
        var engineOnly = new HashSet<int> { 1 };
        var (a, b) = (Custom("v", 1), Custom("v", 2));
        var (first, second) = (new OrderedDictionary { ["a"] = engineOnly, ["b"] = 2 }, new OrderedDictionary { ["b"] = 2, ["a"] = engineOnly });
        object[] values = [new object[] { engineOnly, a, b, a }, new object[] { engineOnly, a, b, b }, first, second, new object[] { engineOnly, "x</><S>y" }, new object[] { engineOnly, "x", "y" }];
        Assert.All(values, value => Assert.Equal((byte)ValueKind.Clixml, ValueSerializer.ToBytes(value)[0]));
        Assert.Equal(values.Length, values.Select(HashOf).Distinct().Count());
    }

    [Fact]
    public void What_the_engine_serializes_has_the_same_hash_whichever_place_has_the_object_and_which_the_reference()
    {
        const string Shared = """<Obj N="Value" RefId="1"><MS><I32 N="v">1</I32><Ref N="self" RefId="1" /></MS></Obj>""";
        const string Reference = """<Ref N="Value" RefId="1" />""";
        var first = Clixml($"""<Obj RefId="0"><DCT><En><S N="Key">a</S>{Shared}</En><En><S N="Key">b</S>{Reference}</En></DCT></Obj>""");
        var second = Clixml($"""<Obj RefId="0"><DCT><En><S N="Key">b</S>{Shared}</En><En><S N="Key">a</S>{Reference}</En></DCT></Obj>""");
        Assert.Equal(InputHasher.Of(first), InputHasher.Of(second));
    }

    [Fact]
    public void A_file_is_its_path_whenever_it_was_read()
    {
        using var folder = new TempFolder();
        var path = folder.Combine("data.csv");
        File.WriteAllText(path, "1");
        var before = HashOf(new FileInfo(path));
        File.SetLastAccessTimeUtc(path, new DateTime(2001, 2, 3, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(before, HashOf(new FileInfo(path)));
        Assert.NotEqual(before, HashOf(new FileInfo(path + "2")));
        Assert.Equal(HashOf(new object[] { new FileInfo(path), 1 }), HashOf(new object[] { new FileInfo(path), 1 }));
        Assert.NotEqual(HashOf(new object[] { new FileInfo(path), 1 }), HashOf(new object[] { new FileInfo(path), 2 }));
    }

    [Fact]
    public void A_file_is_also_what_was_added_to_it()
    {
        var (one, same, other) = (new PSObject(new FileInfo("a")), new PSObject(new FileInfo("a")), new PSObject(new FileInfo("a")));
        one.Properties.Add(new PSNoteProperty("Mark", 1));
        same.Properties.Add(new PSNoteProperty("Mark", 1));
        same.Properties.Add(new PSNoteProperty("PSDrive", "any"));
        other.Properties.Add(new PSNoteProperty("Mark", 2));
        Assert.Equal(HashOf(one), HashOf(same));
        Assert.NotEqual(HashOf(one), HashOf(other));
        Assert.NotEqual(HashOf(one), HashOf(new FileInfo("a")));
    }

    [Fact]
    public void An_object_that_somebody_has_looked_at_is_the_same()
    {
        PSObject[] values = [Custom("a", 1), new PSObject("line"), new PSObject("noted"), new PSObject(new Hashtable { ["inner"] = Custom("b", 2) })];
        values[2].Properties.Add(new PSNoteProperty("PSPath", "x"));
        Assert.All(values, static value =>
        {
            var before = HashOf(value);
            _ = value.Members["psobject"];
            _ = value.ToString();
            _ = value.Members.Match("*").Count;
            Assert.Equal(before, HashOf(value));
        });
    }

    [Fact]
    public void What_the_engine_serializes_is_the_same_when_somebody_has_looked_at_it()
    {
        var set = new HashSet<int> { 1 };
        object[] values = [new Version(1, 2), new Uri("http://a/b"), ScriptBlock.Create("1"), new object[] { set, new Version(1, 3) }];
        Assert.All(values, value =>
        {
            var before = HashOf(value);
            var looked = PSObject.AsPSObject(value is object[] list ? list[1] : value);
            _ = looked.Members["psobject"];
            _ = looked.Members.Match("*").Count;
            Assert.Equal(before, HashOf(value is object[]? new object[] { set, looked } : looked));
            Assert.Equal(HashOf(new object[] { set, looked, looked }), HashOf(new object[] { set, looked.BaseObject, looked.BaseObject }));
        });
        Assert.Equal(4, values.Select(HashOf).Distinct().Count());
        Assert.NotEqual(HashOf(new Version(1, 2)), HashOf(new Version(1, 3)));
    }

    [Fact]
    public void An_object_is_told_by_its_properties()
    {
        Assert.Equal(HashOf(Custom("a", 1)), HashOf(Custom("a", 1)));
        Assert.NotEqual(HashOf(Custom("a", 1)), HashOf(Custom("a", 2)));
        Assert.NotEqual(HashOf(Custom("a", 1)), HashOf(Custom("b", 1)));
    }

    private static PSObject Custom(string name, object value)
    {
        var custom = new PSObject();
        custom.Properties.Add(new PSNoteProperty(name, value));
        return custom;
    }

    private static InputHash HashOf(object? input) => InputHasher.Of(ValueSerializer.ToBytes(input));

    private static byte[] Clixml(string inner) =>
        [(byte)ValueKind.Clixml, .. Encoding.UTF8.GetBytes($"<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">{inner}</Objs>")];
}
