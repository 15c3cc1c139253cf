using System.Collections;
using System.Collections.Specialized;
using System.Numerics;
using System.Security;
using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

public sealed class StructureTests
{
    public static TheoryData<object?, object?> Numbers => new()
    {
        { 9.5m, 9.5m },
        { 9.50m, 9.50m },
        { 10m, 10.0m },
        { decimal.MaxValue, decimal.MaxValue },
        { 5UL, 5L },
        { ulong.MaxValue, ulong.MaxValue },
        { 0.1f, 0.1 },
        { float.NaN, double.NaN },
        { (Half)0.1, 0.1 },
        { BigInteger.Pow(10, 30), BigInteger.Pow(10, 30) },
        { Int128.MinValue, (BigInteger)Int128.MinValue },
        { (nint)7, 7L },
    };

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_stays_a_number(object? given, object? kept) => Assert.Equal(kept, Kept(given));

    [Fact]
    public void A_date_is_written_the_same_everywhere() => Assert.Equal("2026-01-02", Kept(new DateOnly(2026, 1, 2)));

    [Fact]
    public void A_structure_is_kept_with_what_is_within()
    {
        var kept = Assert.IsType<OrderedDictionary>(Kept(new OrderedDictionary { ["Path"] = "/x", ["List"] = new object?[] { 1, null, 9.5m }, ["Inner"] = new Hashtable { ["Deep"] = true }, ["None"] = Array.Empty<int>() }));

        Assert.Equal("/x", kept["path"]);
        Assert.Equal([1L, null, 9.5m], Assert.IsType<object?[]>(kept["List"]));
        Assert.Equal(true, Assert.IsType<OrderedDictionary>(kept["Inner"])["Deep"]);
        Assert.Empty(Assert.IsType<object?[]>(kept["None"]));
    }

    [Fact]
    public void Secrets_within_are_not_shown()
    {
        var table = new OrderedDictionary { ["DbPassword"] = "s3cret", ["ApiKey"] = "s3cret", ["tokens"] = 3, ["Key"] = new SecureString(), ["In"] = new OrderedDictionary { ["clientSecret"] = "s3cret" } };

        Assert.Equal("{DbPassword=***, ApiKey=***, tokens=3, Key=***, In={clientSecret=***}}", ValueText.Of(table));
        var kept = Assert.IsType<OrderedDictionary>(Kept(table));
        Assert.Equal(["***", "***", 3L, "***"], [kept[0], kept[1], kept[2], kept[3]]);
        Assert.Equal("***", Assert.IsType<OrderedDictionary>(kept["In"])["clientSecret"]);
    }

    [Fact]
    public void A_structure_that_holds_itself_is_cut()
    {
        var list = new ArrayList();
        list.Add(list);

        var depth = 0;
        var kept = Kept(list);
        for (; kept is object?[] inner; depth++)
        {
            kept = Assert.Single(inner);
        }

        Assert.Equal(6, depth);
        Assert.Equal("…", kept);
    }

    [Fact]
    public void A_structure_of_very_many_values_is_cut()
    {
        var kept = Assert.IsType<object?[]>(Kept(Enumerable.Range(0, 1_000_000).ToArray()));

        Assert.Equal(1001, kept.Length);
        Assert.Equal("…", kept[^1]);
        Assert.True(Assert.IsType<object?[]>(Kept(Enumerable.Repeat(new string('x', 10_000), 1000).ToArray())).Length < 10);
    }

    [Fact]
    public void What_fails_on_the_way_is_kept_as_its_text() => Assert.Contains("InvalidOperationException", Assert.IsType<string>(Kept(new Broken())), StringComparison.Ordinal);

    [Theory]
    [InlineData(6, "1e5")]
    [InlineData(6, "")]
    [InlineData(6, "01")]
    [InlineData(6, "1.")]
    [InlineData(6, "\n")]
    [InlineData(7, "\u0000\u0006\u0001x")]
    [InlineData(8, "\u0001")]
    public void What_is_no_value_is_refused(byte kind, string value) => Assert.Throws<ProtocolException>(() => Decode(output =>
    {
        output.WriteByte(kind);
        output.WriteText(value);
    }));

    [Fact]
    public void A_structure_that_is_too_deep_is_refused() => Assert.Throws<ProtocolException>(() => Decode(output =>
    {
        var starts = new Stack<int>();
        for (var depth = 0; depth <= ProtocolLimits.MaxPropertyDepth; depth++)
        {
            output.WriteByte((byte)PropertyKind.List);
            starts.Push(output.BeginText());
            output.WriteText("");
        }

        output.WriteByte((byte)PropertyKind.Null);
        while (starts.TryPop(out var start))
        {
            output.EndText(start);
        }
    }));

    private static void Decode(Action<ByteWriter> writeValue)
    {
        var output = new ByteWriter();
        output.WriteInt32(0);
        RecordCodec.WriteHead(output, 0, 0, LogLevel.Information, RecordFlags.Properties);
        output.WriteText("message");
        output.WriteText("P");
        writeValue(output);
        output.PatchInt32(0, output.Length - 4);
        var batch = output.Written;
        RecordCodec.TryRead(ref batch, Encoded.Sender, out _);
    }

    private static object? Kept(object? value)
    {
        var batch = RecordEncoder.Encode(new RecordDraft { Message = "{P}", Arguments = new[] { value } }, LocalClock.Default).Written;
        Assert.True(RecordCodec.TryRead(ref batch, Encoded.Sender, out var record));
        return Assert.Single(WholeRecord.Of(in record).Properties).Value;
    }

    private sealed class Broken : ICollection
    {
        public int Count => 1;

        public bool IsSynchronized => false;

        public object SyncRoot => this;

        public void CopyTo(Array array, int index) => throw new NotSupportedException();

        public IEnumerator GetEnumerator() => throw new InvalidOperationException();
    }
}
