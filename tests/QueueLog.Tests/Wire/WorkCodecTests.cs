using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Tests.Wire;

public sealed class WorkCodecTests
{
    private static readonly WorkDefinition Definition = new()
    {
        Id = 7,
        Script = "param($i) $i * 2",
        Initialization = "$x = 1",
        Splat = true,
        Location = "/tmp",
        Culture = "de-DE",
        UICulture = "en-US",
        Arguments = [[1, 2], []],
        UsingValues = [new NamedValue("key", [3])],
        Variables = [new NamedValue("x", [6]), new NamedValue("y", [])],
        Preferences = [new NamedValue("VerbosePreference", [4, 5])],
        IsLocationGiven = true,
        ScriptLocation = new ScriptLocation { File = "/tmp/a.ps1", Line = 12, Column = 300, Namespaces = ["System.IO"] },
        InitializationLocation = new ScriptLocation { Line = 2 },
        EndScript = "$x.Close()",
        EndScriptLocation = new ScriptLocation { Line = 3 },
        Grace = TimeSpan.FromSeconds(1.5),
        Modules = [new CarriedModule("Pester"), new CarriedModule("/tmp/m.psd1", "My", [[1], [2, 3]], ["Get-MyThing"])],
        Functions = [new CarriedFunction("f", "filter f { $_ }", IsBody: false, new ScriptLocation { File = "/tmp/b.ps1", Line = 3, Column = 4 }), new CarriedFunction("g", "1", IsBody: true, ScriptLocation.None)],
        Aliases = [new CarriedAlias("x", "f")],
        Types = [new CarriedScript("class C {}", new ScriptLocation { File = "/tmp/c.ps1", Line = 1, Column = 1 })],
    };

    [Fact]
    public void A_definition_survives_the_way()
    {
        var decoded = WorkCodec.ReadDefinition(Encode(writer => WorkCodec.WriteDefinition(writer, Definition)));
        Assert.Equivalent(Definition, decoded, strict: true);
    }

    [Fact]
    public void What_a_definition_asks_for_is_told_apart()
    {
        foreach (var (splat, noCapture) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var decoded = WorkCodec.ReadDefinition(Encode(writer => WorkCodec.WriteDefinition(writer, Definition with { Splat = splat, NoCapture = noCapture })));
            Assert.Equal((splat, noCapture), (decoded.Splat, decoded.NoCapture));
        }

        foreach (var failOn in Enum.GetValues<FailOn>())
        {
            Assert.Equal(failOn, WorkCodec.ReadDefinition(Encode(writer => WorkCodec.WriteDefinition(writer, Definition with { FailOn = failOn }))).FailOn);
        }

        var unknown = Encode(writer => WorkCodec.WriteDefinition(writer, Definition with { FailOn = (FailOn)3 }));
        Assert.Throws<ProtocolException>(() => WorkCodec.ReadDefinition(unknown));
    }

    [Fact]
    public void A_definition_is_refused_when_any_of_its_end_is_missing_or_something_follows() =>
        RefusesAllButWhole(Encode(writer => WorkCodec.WriteDefinition(writer, Definition)), bytes => WorkCodec.ReadDefinition(bytes));

    [Fact]
    public void A_greeting_survives_the_way_and_nothing_less_or_more_does()
    {
        var bytes = Encode(writer => WorkCodec.WriteHello(writer, "token", 42));
        Assert.Equal(("token", 42), WorkCodec.ReadHello(bytes));
        RefusesAllButWhole(bytes, all => WorkCodec.ReadHello(all));
    }

    [Fact]
    public void A_readiness_survives_the_way_and_nothing_less_or_more_does()
    {
        var bytes = Encode(writer => WorkCodec.WriteReady(writer, 3, "InitializationFailed", "why"));
        Assert.Equal((3, "InitializationFailed", "why"), WorkCodec.ReadReady(bytes));
        RefusesAllButWhole(bytes, all => WorkCodec.ReadReady(all));
    }

    [Fact]
    public void A_count_larger_than_the_message_is_refused_before_it_is_allocated()
    {
        var bytes = Encode(writer =>
        {
            writer.WriteVarInt(int.MaxValue);
            writer.WriteByte(0);
        });
        Assert.Throws<ProtocolException>(() =>
        {
            var reader = new SpanReader(bytes);
            WorkCodec.ReadCount(ref reader);
        });
    }

    internal static byte[] Encode(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        return writer.Written.ToArray();
    }

    internal static void RefusesAllButWhole(byte[] whole, Action<byte[]> read)
    {
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => read(whole[..length]));
        }

        Assert.Throws<ProtocolException>(() => read([.. whole, 0]));
    }
}
