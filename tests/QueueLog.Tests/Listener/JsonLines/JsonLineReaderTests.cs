using System.Text;
using System.Text.Json;
using CsCheck;
using QueueLog.Formatting;
using QueueLog.Listener.JsonLines;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Listener.JsonLines;

public sealed class JsonLineReaderTests
{
    private static readonly ClientIdentity Nobody = new(0, "", null);

    [Theory]
    [InlineData("""{"level":"Warning","message":"hello"}""", "Warning hello")]
    [InlineData("""{}""", "Information ")]
    [InlineData("""{"message":"größe \u00e9 \ud83d\ude00 \" \\ \/ \n\t\b\f\r"}""", "Information größe é 😀 \" \\ / \n\t\b\f\r")]
    [InlineData("""{"msg":"short name","logger":"Db"}""", "Information short name Category=Db")]
    [InlineData("""{"message":"a","category":"Db.Import","process":"app","pid":7,"worker":"Worker-2","item":3,"attempt":2,"caller":"a.py:3"}""",
        "Information a Category=Db.Import Process=app/7 Worker=Worker-2 Item=3 Attempt=2 Caller=a.py:3")]
    [InlineData("""{"message":"a","process":"client","pid":4711}""", "Information a")]
    [InlineData("""{"message":"a","process":"other"}""", "Information a Process=other/4711")]
    [InlineData("""{"message":"a","pid":1}""", "Information a Process=client/1")]
    [InlineData("""{"message":"a","item":0}""", "Information a Item=0 Attempt=1")]
    [InlineData("""{"level":null,"message":null,"item":null,"timestamp":null,"x":null}""", "Information  x=null")]
    [InlineData("""{"message":12.50}""", "Information 12.50")]
    [InlineData("""{"message":{"a": [1, "b c"]}}""", """Information {"a":[1,"b c"]}""")]
    public void Fields(string line, string expected) => Assert.Equal(expected, DecodedLine.Show(line));

    [Theory]
    [InlineData("""{"message":"a","rows":3,"ratio":0.5,"exp":1e3,"ok":true,"no":false,"none":null,"text":"x"}""", "Information a rows=3i ratio=0.5d exp=1000d ok=True no=False none=null text=x")]
    [InlineData("""{"message":"a","properties":{"b":1,"level":"Error"},"c":2}""", "Information a b=1i level=Error c=2i")]
    [InlineData("""{"message":"a","deep":{ "b" : [ 1 , { "c" : "d \" e" } ] , "f" : 1.0 }}""", """Information a deep={"b":[1,{"c":"d \" e"}],"f":1.0}""")]
    [InlineData("""{"message":"a","big":123456789012345678901234567890,"huge":1e999}""", "Information a big=123456789012345678901234567890 huge=1e999")]
    [InlineData("""{"message":"a","last":9223372036854775807,"first":-9223372036854775808,"over":9223372036854775808}""", "Information a last=9223372036854775807i first=-9223372036854775808i over=9223372036854775808")]
    [InlineData("""{"message":"a","na\u006de\n":1}""", "Information a name\n=1i")]
    [InlineData("""{"message":"a","":1}""", "Information a =1i")]
    [InlineData("""{"message":"a","Message":"b","LEVEL":"Error"}""", "Information a Message=b LEVEL=Error")]
    public void Every_other_member_is_a_property(string line, string expected) => Assert.Equal(expected, DecodedLine.Show(line));

    [Theory]
    [InlineData("""{"message":"a","level":"Loud"}""", "Information a level=Loud")]
    [InlineData("""{"message":"a","level":[3]}""", "Information a level=[3]")]
    [InlineData("""{"message":"a","level":-1}""", "Information a level=-1i")]
    [InlineData("""{"message":"a","pid":"x","item":-1,"attempt":0,"process":5}""", "Information a pid=x item=-1i attempt=0i process=5i")]
    [InlineData("""{"message":"a","pid":1.5,"item":1.5}""", "Information a pid=1.5d item=1.5d")]
    [InlineData("""{"message":"a","attempt":2}""", "Information a attempt=2i")]
    [InlineData("""{"message":"a","timestamp":"yesterday"}""", "Information a timestamp=yesterday")]
    [InlineData("""{"message":"a","time":17}""", "Information a time=17i")]
    [InlineData("""{"message":"a","time":"3 ms"}""", "Information a time=3 ms")]
    [InlineData("""{"message":"a","template":5,"arguments":5,"properties":5}""", "Information a template=5i arguments=5i properties=5i")]
    [InlineData("""{"message":"a","exception":5}""", "Information a exception=5i")]
    [InlineData("""{"message":"a","message":"b","level":"Error","level":"Debug"}""", "Error a message=b level=Debug")]
    [InlineData("""{"message":"a","sequence":5}""", "Information a sequence=5i")]
    public void A_field_whose_value_does_not_fit_is_kept_as_a_property(string line, string expected) => Assert.Equal(expected, DecodedLine.Show(line));

    [Theory]
    [InlineData("Trace", "trace", "TRC", "Verbose", "VRB", "NOTSET", 0, 5)]
    [InlineData("Debug", "DEBUG", "debug", "dbg", "Dbg", "DBG", 10, 19)]
    [InlineData("Information", "Information", "INFO", "info", "INF", "notice", 20, 25)]
    [InlineData("Warning", "Warning", "WARNING", "warn", "WRN", " warning ", 30, 35.5)]
    [InlineData("Error", "Error", "ERROR", "err", "ERR", "error", 40, 49)]
    [InlineData("Critical", "CRITICAL", "fatal", "crit", "emerg", "alert", 50, 1000)]
    public void Levels_go_by_many_names_and_by_the_numbers_of_Python(string expected, string a, string b, string c, string d, string e, double first, double last)
    {
        foreach (var name in new[] { a, b, c, d, e })
        {
            Assert.Equal($"{expected} x", DecodedLine.Show($$"""{"level":"{{name}}","message":"x"}"""));
        }

        Assert.Equal($"{expected} x", DecodedLine.Show($$"""{"level":{{JsonSerializer.Serialize(first)}},"message":"x"}"""));
        Assert.Equal($"{expected} x", DecodedLine.Show($$"""{"level":{{JsonSerializer.Serialize(last)}},"message":"x"}"""));
    }

    [Theory]
    [InlineData("""{"template":"item {Item} of {Total:000}","arguments":{"Item":3,"Total":9}}""", "Information item 3 of 009 Template=item {Item} of {Total:000} Item=3i Total=9i")]
    [InlineData("""{"template":"item {Item} of {Total}","arguments":[3,9,"more"]}""", "Information item 3 of 9 Template=item {Item} of {Total} Item=3i Total=9i Argument2=more")]
    [InlineData("""{"arguments":[3],"template":"item {Item}"}""", "Information item 3 Template=item {Item} Item=3i")]
    [InlineData("""{"message":"item {Item}","arguments":[3]}""", "Information item 3 Template=item {Item} Item=3i")]
    [InlineData("""{"message":"item {Item}","arguments":{"Item":3}}""", "Information item 3 Template=item {Item} Item=3i")]
    [InlineData("""{"message":"item {Item}","Item":3}""", "Information item {Item} Item=3i")]
    [InlineData("""{"template":"{A} {B}","B":2,"properties":{"A":1}}""", "Information 1 2 Template={A} {B} B=2i A=1i")]
    [InlineData("""{"template":"{1} before {0}","arguments":["a","b"]}""", "Information b before a Template={1} before {0} 0=a 1=b")]
    [InlineData("""{"template":"{A} {A}","arguments":[1]}""", "Information 1 1 Template={A} {A} A=1i")]
    [InlineData("""{"template":"{A} {A}","arguments":[1,2]}""", "Information 1 2 Template={A} {A} A=1i A=2i")]
    [InlineData("""{"template":"{a,5}|{a,-5}|{{}} {missing}","a":1.5}""", "Information   1.5|1.5  |{} {missing} Template={a,5}|{a,-5}|{{}} {missing} a=1.5d")]
    [InlineData("""{"message":"took 2 s","template":"took %s s","arguments":[2]}""", "Information took 2 s Template=took %s s Argument0=2i")]
    [InlineData("""{"template":"{A:N999999999}","A":1}""", "Information 1 Template={A:N999999999} A=1i")]
    [InlineData("""{"template":"{A} {B} {C}","arguments":[true,null,[1, 2]]}""", "Information true  [1, 2] Template={A} {B} {C} A=True B=null C=[1,2]")]
    public void Templates_are_filled_where_the_message_is_not_given(string line, string expected) => Assert.Equal(expected, DecodedLine.Show(line));

    [Theory]
    [InlineData("""{"exception":{"type":"IOError","message":"disk","stackTrace":"at a\nat b"}}""", "Information  Exception=IOError|disk|at a\nat b")]
    [InlineData("""{"exception":{"message":"disk"}}""", "Information  Exception=|disk|")]
    [InlineData("""{"exception":{"type":"TypeError","message":"x is y","stack":"TypeError: x is y\n    at f"}}""", "Information  Exception=TypeError|x is y|    at f")]
    [InlineData("""{"exception":{"type":"E","message":"m","code":5,"cause":{"a":1}}}""", """Information  Exception=E|m| exception.code=5i exception.cause={"a":1}""")]
    [InlineData("""{"exception":{"code":5}}""", "Information  exception.code=5i")]
    [InlineData("""{"exception":"System.IO.IOException: disk\n   at a\n   at b"}""", "Information  Exception=System.IO.IOException|disk|   at a\n   at b")]
    [InlineData("""{"exception":"it broke: badly"}""", "Information  Exception=|it broke: badly|")]
    [InlineData("""{"exception":"Traceback (most recent call last):\n  File \"a.py\", line 1\nValueError: bad\n"}""", "Information  Exception=ValueError|bad|Traceback (most recent call last):\n  File \"a.py\", line 1")]
    [InlineData("""{"exception":"Traceback (most recent call last):"}""", "Information  Exception=|Traceback (most recent call last):|")]
    [InlineData("""{"exception":""}""", "Information  Exception=||")]
    public void Exceptions_are_objects_or_texts(string line, string expected) => Assert.Equal(expected, DecodedLine.Show(line));

    [Theory]
    [InlineData("""{"@t":"2026-11-25T14:03:05.1234567+01:00","@m":"item 3 of 9","@mt":"item {Item} of {Total}","@l":"Warning","Process":"Worker-1","Pid":5,"Worker":"Worker-1","Item":3,"Attempt":1,"SourceContext":"Db","Caller":"a.ps1:3","Sequence":12,"_Item":3,"Total":9}""",
        "Warning item 3 of 9 Template=item {Item} of {Total} Category=Db Process=Worker-1/5 Worker=Worker-1 Item=3 Attempt=1 Caller=a.ps1:3 Sequence=12i Item=3i Total=9i")]
    [InlineData("""{"@t":"2026-11-25T14:03:05Z","@mt":"hello {Name}","Name":"x","message":"own"}""", "Information hello x Template=hello {Name} Name=x message=own")]
    [InlineData("""{"@m":"x {3}","@mt":"{_Process:l} {{{_item,4:l}}} {_A} {A:n1}","@r":["x"],"_Process":"x","_item":true,"@l":"Debug"}""", "Debug x {3} Template={Process} {{{item,4}}} {_A} {A:n1} Process=x item=True")]
    [InlineData("""{"@m":"x","MessageTemplate":"{A:l}","A":9.50,"B":[{"C":"2026-11-25T14:03:05.1234567+01:00"}],"_MessageTemplate":1}""", """Information x Template={A:l} A=9.5 B=[{"C":"2026-11-25T14:03:05.1234567+01:00"}] MessageTemplate=1i""")]
    [InlineData("""{"@m":"a","@l":"Fatal","@@odd":1,"_Sequence":2,"__Pid":3,"_other":4,"@i":"a1"}""", "Critical a @odd=1i Sequence=2i _Pid=3i _other=4i @i=a1")]
    [InlineData("""{"@m":"a","@x":"My.Error: with: colon\n  at x","ExceptionType":"My.Error","ExceptionMessage":"with: colon"}""", "Information a Exception=My.Error|with: colon|  at x")]
    [InlineData("""{"@m":"a","@x":"My.Error: two\nlines","ExceptionType":"My.Error","ExceptionMessage":"two\nlines"}""", "Information a Exception=My.Error|two\nlines|")]
    [InlineData("""{"@m":"a","@x":"My.Error: m\n  at x"}""", "Information a Exception=My.Error|m|  at x")]
    [InlineData("""{"@m":"a","nan":"NaN","inf":"Infinity","neg":"-Infinity","text":"\u004eaN"}""", "Information a nan=NaNd inf=Infinityd neg=-Infinityd text=NaN")]
    [InlineData("""{"@m":"a","when":"2026-01-02T03:04:05.0000000+02:00","text":"\u0032026-01-02T03:04:05.0000000+02:00","other":"2026-01-02"}""",
        "Information a when=2026-01-02T03:04:05.0000000+02:00 text=2026-01-02T03:04:05.0000000+02:00 other=2026-01-02")]
    [InlineData("""{"message":"a","@m":"b","text":"NaN"}""", "Information a @m=b text=NaN")]
    public void A_line_whose_first_name_begins_with_an_at_is_in_the_compact_format(string line, string expected) => Assert.Equal(expected, DecodedLine.Show(line));

    [Fact]
    public void What_our_own_Json_format_writes_is_read_as_the_record_it_was() => AnyRecord.Any.Sample(
        any =>
        {
            var sent = new ByteWriter();
            new JsonFormatter().Format(any.Record.View, sent);

            // Its number is given anew, and the old one would be a property.
            var line = Encoding.UTF8.GetString(sent.Written).Replace($",\"Sequence\":{any.Record.Sequence},", ",", StringComparison.Ordinal).Replace($",\"Sequence\":{any.Record.Sequence}}}", "}", StringComparison.Ordinal);
            ReadOnlySpan<byte> bytes = DecodedLine.Encode(Encoding.UTF8.GetBytes(line), Nobody, any.Record.Sequence);
            Assert.True(RecordCodec.TryRead(ref bytes, Nobody, out var record));
            var kept = new ByteWriter();
            new JsonFormatter().Format(in record, kept);
            Assert.Equal(Encoding.UTF8.GetString(sent.Written), Encoding.UTF8.GetString(kept.Written));
        },
        iter: 5000);

    [Theory]
    [InlineData("\"2026-11-25T14:03:05.1234567+01:00\"", "2026-11-25T13:03:05.1234567Z")]
    [InlineData("\"2026-11-25T13:03:05Z\"", "2026-11-25T13:03:05Z")]
    [InlineData("\"2026-11-25 13:03:05,123Z\"", "2026-11-25T13:03:05.123Z")]
    [InlineData("1764075785.123456", "2025-11-25T13:03:05.123456Z")]
    [InlineData("1764075785", "2025-11-25T13:03:05Z")]
    [InlineData("1764075785123", "2025-11-25T13:03:05.123Z")]
    [InlineData("1764075785123456", "2025-11-25T13:03:05.123456Z")]
    [InlineData("1764075785123456700", "2025-11-25T13:03:05.1234567Z")]
    [InlineData("-1.5", "1969-12-31T23:59:58.5Z")]
    public void Times(string value, string expected)
    {
        var time = DateTimeOffset.Parse(expected);
        Assert.Equal(time, DecodedLine.TimeOf($$"""{"timestamp":{{value}}}"""));
        if (value.Length > 5)
        {
            Assert.Equal(time, DecodedLine.TimeOf($$"""{"time":{{value}}}"""));
        }
    }

    [Fact]
    public void A_time_without_an_offset_is_local_and_one_with_keeps_it()
    {
        var local = new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Local);
        Assert.Equal(new DateTimeOffset(local), DecodedLine.TimeOf("""{"timestamp":"2026-07-01T12:00:00"}"""));
        Assert.Equal(new DateTimeOffset(local).Offset, DecodedLine.TimeOf("""{"timestamp":"2026-07-01 12:00:00"}""").Offset);
        Assert.Equal(TimeSpan.FromHours(-9.5), DecodedLine.TimeOf("""{"timestamp":"2026-07-01T12:00:00-09:30"}""").Offset);
    }

    [Theory]
    [InlineData("999999999999999999999")]
    [InlineData("-99999999999")]
    [InlineData("1e300")]
    [InlineData("\"2026-11-25T14:03:05+19:00\"")]
    [InlineData("\"0001-01-01T00:00:00+10:00\"")]
    [InlineData("\"9999-12-31T23:59:59-10:00\"")]
    [InlineData("\"2026-02-30T00:00:00Z\"")]
    public void A_time_that_cannot_be_is_a_property_and_the_record_is_of_now(string value)
    {
        var before = DateTimeOffset.UtcNow;
        Assert.InRange(DecodedLine.TimeOf($$"""{"timestamp":{{value}}}"""), before.AddSeconds(-1), DateTimeOffset.UtcNow);
        Assert.Contains("timestamp=", DecodedLine.Show($$"""{"timestamp":{{value}}}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"flush":1}""", 1)]
    [InlineData(""" { "flush" : 9223372036854775807 } """, long.MaxValue)]
    [InlineData("""{"flush":0}""", 0)]
    [InlineData("""{"flush":"1"}""", 0)]
    [InlineData("""{"flush":1,"message":"a"}""", 0)]
    [InlineData("""{"message":"a","flush":1}""", 0)]
    [InlineData("""{"@m":"a","flush":1}""", 0)]
    public void Only_a_flush_alone_asks_for_an_answer(string line, long expected)
    {
        var record = new LineRecord();
        new JsonLineReader().Read(Encoding.UTF8.GetBytes(line), record);
        Assert.Equal(expected, record.Flush);
        Assert.Equal(expected == 0 ? 1 : 0, record.Properties.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("5")]
    [InlineData("\"message\"")]
    [InlineData("""[{"message":"a"}]""")]
    [InlineData("""{"message":"a"}{"message":"b"}""")]
    [InlineData("""{"message":"a"} x""")]
    [InlineData("""{"message":"a" """)]
    [InlineData("""{"message":"a",}""")]
    [InlineData("""{'message':'a'}""")]
    [InlineData("""{"message":"\x"}""")]
    [InlineData("""{"message":"\u12"}""")]
    [InlineData("{\"message\":\"a\tb\"}")]
    public void Anything_else_is_refused(string line)
    {
        var error = Record.Exception(() => DecodedLine.Encode(Encoding.UTF8.GetBytes(line)));
        Assert.True(error is JsonException or ProtocolException, $"{error}");
    }

    [Fact]
    public void Nesting_and_the_number_of_properties_have_their_limits()
    {
        Assert.Contains("deep=[[", DecodedLine.Show($$"""{"deep":{{Nested(ProtocolLimits.MaxLineDepth - 1)}}}"""), StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => DecodedLine.Show($$"""{"deep":{{Nested(ProtocolLimits.MaxLineDepth)}}}"""));
        Assert.ThrowsAny<JsonException>(() => DecodedLine.Show($$"""{"deep":{{Nested(1_000_000)}}}"""));
        Assert.EndsWith($" p{ProtocolLimits.MaxProperties - 1}=1i", DecodedLine.Show($"{{{Members(ProtocolLimits.MaxProperties)}}}"), StringComparison.Ordinal);
        Assert.Throws<ProtocolException>(() => DecodedLine.Show($"{{{Members(ProtocolLimits.MaxProperties + 1)}}}"));

        static string Nested(int depth) => new string('[', depth) + new string(']', depth);
        static string Members(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"p{i}\":1"));
    }

    [Fact]
    public void A_record_that_would_be_longer_than_any_is_refused_before_it_is_made()
    {
        var long1 = new string('x', 8 * 1024 * 1024);
        var holes = string.Concat(Enumerable.Repeat("{A}", 20));
        Assert.Throws<ProtocolException>(() => DecodedLine.Show($$"""{"template":"{{holes}}","A":"{{long1}}"}"""));
    }

    [Fact]
    public void A_template_of_a_million_holes_is_not_filled()
    {
        var template = string.Concat(Enumerable.Repeat("{A", 500_000)) + "}";
        Assert.StartsWith("Information {A{A{A", DecodedLine.Show($$"""{"template":"{{template}}","A":1}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_UTF_8_becomes_replacement_characters()
    {
        Assert.Equal("Information a\uFFFDb", DecodedLine.Show([.. "{\"message\":\"a"u8, 0xFF, .. "b\"}"u8]));
        Assert.Equal("Information a\uFFFDb\uFFFD\uFFFD!", DecodedLine.Show("""{"message":"a\ud83db\udc00\ud83d!"}"""));
        Assert.Equal("Information \uFFFD😀", DecodedLine.Show("""{"message":"\ud83d\ud83d\ude00"}"""));
    }
}
