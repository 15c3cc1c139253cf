using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Numerics;
using System.Security;
using System.Text;
using System.Xml;
using CsCheck;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Session;
using QueueLog.Tests.Support;
using QueueLog.Wire;

namespace QueueLog.Tests.Module;

/// <summary>What the module's own encoding gives is what the engine's serialization gives, and that of <c>Start-Job</c> with it.</summary>
public sealed class ValueGraphTests : IDisposable
{
    // Its times stand still while the tests run, as those of a folder of others do not.
    private readonly TempFolder folder = new();
    private readonly Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());

    public ValueGraphTests()
    {
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
    }

    public void Dispose()
    {
        Runspace.DefaultRunspace = null;
        runspace.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void The_engine_shows_its_inside() => Assert.NotNull(EngineObject.Instance);

    [Fact]
    public void What_one_wrapper_adds_to_an_object_another_has_too()
    {
        var list = new ArrayList { 1 };
        new PSObject(list).Properties.Add(new PSNoteProperty("Tag", "x"));
        Compare(new PSObject(list));
        Compare(list);
        Compare(new object[] { new PSObject(list), list });
    }

    [Fact]
    public void Any_graph_arrives_as_the_engine_would_bring_it()
    {
        var graphs = 0;
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                Runspace.DefaultRunspace = runspace;

                // One for each: the engine marks what it looks at, and writes some of it in another way then.
                var engines = new GraphMaker(folder.Path, new Random(seed)).Make();
                var ours = new GraphMaker(folder.Path, new Random(seed)).Make();
                try
                {
                    graphs += ValueCodec.IsGraph(Compare(engines, ours)) ? 1 : 0;
                }
                catch (XmlException)
                {
                    RefuseWhatTheEngineCannotRead(ours);
                }
            },
            iter: 3000,
            threads: 1,
            print: seed => $"{seed}\n{PSSerializer.Serialize(new GraphMaker(folder.Path, new Random(seed)).Make())}");
        Assert.InRange(graphs, 500, 3000);
    }

    [Fact]
    public void An_object_without_properties_is_one_object_also_where_only_its_text_is_kept()
    {
        Runspace.DefaultRunspace = runspace;
        var empty = new PSObject();
        var inner = new PSObject(new Holder { Name = "inner" });
        inner.Properties.Add(new PSNoteProperty("Note", empty));
        Assert.True(ValueCodec.IsGraph(Compare(new object[] { new Holder { Other = inner }, empty })));
    }

    [Fact]
    public void A_graph_that_the_engine_writes_and_does_not_read_is_refused_by_who_sends_it()
    {
        Runspace.DefaultRunspace = runspace;
        RefuseWhatTheEngineCannotRead(new GraphMaker(folder.Path, new Random(1132641191)).Make());
    }

    public static TheoryData<string> Scripts() =>
    [
        "[pscustomobject]@{ Name = 'a'; Count = 3; Size = 2.5; When = [datetime]::UnixEpoch; Nothing = $null }",
        "[pscustomobject]@{}",
        "[pscustomobject]@{ PSTypeName = 'My.Type'; A = 1 }",
        "[pscustomobject]@{ Inner = [pscustomobject]@{ Inner = [pscustomobject]@{ Inner = [pscustomobject]@{ A = 1 } } } }",
        "@{ a = 1; b = 'two'; C = @{ d = 4.5 } }",
        "[ordered]@{ z = 1; y = 2; x = [ordered]@{ w = 3 } }",
        "$h = [hashtable]::new([System.StringComparer]::Ordinal); $h['a'] = 1; $h['A'] = 2; $h['b'] = 3; ,$h",
        "$d = [System.Collections.Generic.Dictionary[string, int]]::new(); $d['x'] = 1; $d['X'] = 2; ,$d",
        "$d = [System.Collections.Generic.Dictionary[object, object]]::new(); $d[[version] '1.2'] = [uri] 'http://a/b'; ,$d",
        ",@()", ",@(1, 'two', 3.0, $null, @(4, @(5)))", ",[int[]](1..20)", ",[string[]]('a', 'b')", ",[double[]](1.5, 2.5)", ",[byte[]](1, 2, 3)", ",[char[]]'abc'",
        ",[long[]](1, -2)", ",[uint64[]](1, 2)", ",[uint32[]](1, 2)", ",[int16[]](1, -2)", ",[uint16[]](1, 2)", ",[sbyte[]](1, -2)", ",[float[]](1.5, 0.1)", ",[bool[]](1, 0)", ",[decimal[]](1.10, 2)", ",[datetime[]][datetime]::UnixEpoch",
        ",[System.Nullable[int][]](1, $null)", ",[System.Collections.Generic.List[int]](1, 2)", ",[System.Collections.Generic.List[double]](1.5, 2)", ",[System.Collections.Generic.List[byte]](1, 2)",
        "$x = [int[]](1, 2); ,@($x, $x)", "[pscustomobject]@{ Numbers = [int[]](1..5); Empty = [long[]]@() }", "$a = [psobject]::AsPSObject([int[]](1, 2)); $a.psobject.Properties.Add([psnoteproperty]::new('Unit', 'kg')); ,$a", "$a = [array]::CreateInstance([int], @(3), @(1)); ,$a",
        "$a = [int[,]]::new(2, 2); $a[0, 1] = 7; ,$a",
        ",[System.Collections.ArrayList]@(1, 2)", ",[System.Collections.Generic.List[object]]@(1, 'a')", ",[System.Collections.Generic.HashSet[int]]@(1, 2)",
        "$s = [System.Collections.Stack]::new(); 1..3 | ForEach-Object { $s.Push($_) }; ,$s", "$s = [System.Collections.Generic.Stack[string]]::new(); 'a', 'b' | ForEach-Object { $s.Push($_) }; ,$s",
        "$q = [System.Collections.Queue]::new(); 1..3 | ForEach-Object { $q.Enqueue($_) }; ,$q", "$q = [System.Collections.Generic.Queue[int]]::new(); $q.Enqueue(5); ,$q",
        "$o = [pscustomobject]@{ A = 1 }; $o.psobject.Properties.Add([psnoteproperty]::new('Self', $o)); $o",
        "$a = [object[]]::new(1); $s = [System.Collections.Stack]::new(); $s.Push([pscustomobject]@{ P = $a }); $a[0] = $s; ,$a", "$a = [object[]]::new(1); $s = [System.Collections.Stack]::new(); $s.Push([pscustomobject]@{ P = $a }); $a[0] = $s; [pscustomobject]@{ A = $a }",
        "$h = @{}; $h.self = $h; ,$h", "$l = [System.Collections.ArrayList]::new(); [void] $l.Add($l); ,$l", "$x = @(1, 2); [pscustomobject]@{ A = $x; B = $x }", "$x = [pscustomobject]@{ N = 1 }; ,@($x, $x)",
        "$e = [version] '1.2.3'; ,@($e, $e)", "$e = [System.Text.StringBuilder]::new('text'); ,@($e, $e)", "[pscustomobject]@{ B = [System.Text.StringBuilder]::new('text') }",
        "$s = 'line'; $s = $s.psobject.Copy(); $s.psobject.Properties.Add([psnoteproperty]::new('PSPath', 'c:/x')); $s",
        "$n = [psobject]::AsPSObject(5); $n.psobject.Properties.Add([psnoteproperty]::new('Unit', 'kg')); $n", "$a = [psobject]::AsPSObject(@(1, 2)); $a.psobject.Properties.Add([psnoteproperty]::new('Tag', 'x')); ,$a",
        "$s = [psobject]::AsPSObject('typed'); $s.psobject.TypeNames.Insert(0, 'My.String'); $s", "$h = [psobject]::AsPSObject(@{ a = 1 }); $h.psobject.TypeNames.Insert(0, 'My.Table'); ,$h",
        "$o = [pscustomobject]@{ A = 1 }; $o.psobject.Members.Add([psscriptproperty]::new('Twice', { 2 * $this.A })); $o", "$o = [pscustomobject]@{ A = 1 }; $o.psobject.Members.Add([psscriptmethod]::new('M', { 1 })); $o",
        "$o = [pscustomobject]@{ A = 1 }; $o.psobject.Members.Add([psaliasproperty]::new('B', 'A')); $o",
        "[pscustomobject]@{ V = [version] '1.2.3.4'; U = [uri] 'http://a'; G = [guid]::Empty; T = [timespan]::FromDays(1.5); S = { 1 + 1 }; X = [xml] '<a b=\"c\"/>'; C = [char] 'x'; D = 1.10d }",
        "[pscustomobject]@{ Text = \"a`0b`tc`r`nd\"; Sur = [string] [char] 0xD800; Emoji = [char]::ConvertFromUtf32(0x1F600); Under = '_x0041_' }", "[pscustomobject]@{ 'odd name _x0041_' = 1; 'ümläut' = 2 }",
        "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize([System.Text.StringBuilder]::new('x')))",
        "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize([pscustomobject]@{ A = 1; L = @(1, @{ b = 2 }) }))",
        "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize([System.DayOfWeek]::Monday))", "[System.Net.IPAddress]::Loopback",
        "[pscustomobject]@{ A = [System.Net.IPAddress]::Loopback; C = [cultureinfo] 'de-DE'; M = [mailaddress] 'a@b.c' }", "[System.Management.Automation.ErrorRecord]::new([System.Exception]::new('bad'), 'Id', 'NotSpecified', 'target')",
        "class QlA { [string] $Name }; class QlB { [object] $Parent }; $a = [QlA] @{ Name = 'x' }; $b = [QlB] @{ Parent = $a }; [pscustomobject]@{ A = $a; B = $b }",
        "class QlC { [object] $Owner; [object[]] $List }; $n = [QlC]::new(); $n.List = 1, 2; $bag = [pscustomobject]@{ Node = $n; List = $n.List }; $n.Owner = $bag; $bag",
        "$e = [System.Exception]::new('outer', [System.Exception]::new('inner')); [pscustomobject]@{ Inner = $e.InnerException; Error = $e }",
        "[System.IO.DirectoryInfo]::new($PSHOME).GetFiles('*.json')",
        "[System.Tuple]::Create(1, @(2, 3))", "[System.Exception]::new('outer', [System.Exception]::new('inner'))", "[System.Text.RegularExpressions.Regex]::Match('abc', 'b')",
        "[System.Net.DnsEndPoint]::new('host', 80)", "[System.UriBuilder]::new('http://a/b')", "[System.TimeZoneInfo]::Utc", "[System.IO.FileInfo]::new('/none')", "[int]", "[System.Threading.Tasks.Task]::CompletedTask",
        "Get-Module",
        "[pscustomobject]@{ File = [System.IO.FileInfo]::new('/none'); Files = @([System.IO.FileInfo]::new('/a'), [System.IO.DirectoryInfo]::new('/b')) }",
        "$f = [System.IO.FileInfo]::new('/none'); ,@($f, $f, [pscustomobject]@{ Same = $f })",
        "$f = [psobject]::AsPSObject([System.IO.FileInfo]::new('/none')); $f.psobject.Properties.Add([psnoteproperty]::new('Inner', [pscustomobject]@{ A = [System.Text.StringBuilder]::new('deep') })); $f",
        "$f = [psobject]::AsPSObject([System.Text.StringBuilder]::new('x')); $f.psobject.Properties.Add([psnoteproperty]::new('Self', $f)); $f", "$f = [psobject]::AsPSObject([System.Text.StringBuilder]::new('x')); $f.psobject.TypeNames.Insert(0, 'My.Builder'); $f",


        "class QlText { [int] $A = 1; [string] ToString() { return \"text $($this.A)\" } }; [QlText]::new()", "class QlThrows { [string] ToString() { throw 'no' } }; [QlThrows]::new()", "class QlSelf { [object] $Me; [System.DayOfWeek] $Day = 1; [bigint] $Big = 7; QlSelf() { $this.Me = $this } }; [QlSelf]::new()",
        "[System.Numerics.Vector2]::One", "[System.Linq.Enumerable]::Range(1, 3)", "$t = [System.Data.DataTable]::new(); [void] $t.Columns.Add('A'); [void] $t.Rows.Add('v'); $t.Rows[0]", ",[System.Data.DataTable]::new()",
        "([xml] '<a><b c=\"1\">t</b></a>').a", "[System.Security.Cryptography.SHA256]::Create()", "[System.Collections.Generic.KeyValuePair[string, object]]::new('k', @{ a = 1 })",
        "0x10", "[psobject]::AsPSObject(1e3)", "[System.Management.Automation.SemanticVersion] '1.2.3-beta'", "[switch] $true", "[System.DBNull]::Value", "[System.Management.Automation.Internal.AutomationNull]::Value", "'é' * 200", "[pscustomobject]@{ Many = 'x' * 300 }",
    ];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void What_a_script_gives_arrives_as_the_engine_would_bring_it(string script)
    {
        using var shell = System.Management.Automation.PowerShell.Create(runspace);
        foreach (var value in shell.AddScript(script).Invoke())
        {
            Compare(value);
        }

        Assert.Empty(shell.Streams.Error);
    }

    [Theory]
    [InlineData("[System.IO.FileInfo]::new('/none')")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize([System.IO.FileInfo]::new('/none')))")]
    [InlineData("[System.Text.StringBuilder]::new('x')")]
    [InlineData("[pscredential]::new('u', (& { $s = [securestring]::new(); $s.AppendChar('x'); $s }))")]
    [InlineData("[System.Exception]::new('outer', [System.Exception]::new('inner'))")]
    public void Objects_need_no_serialization_of_the_engine(string script)
    {
        using var shell = System.Management.Automation.PowerShell.Create(runspace);
        Assert.True(ValueCodec.IsGraph(Compare(shell.AddScript(script).Invoke()[0])));
    }

    public static TheoryData<object> Kept() =>
    [
        DayOfWeek.Friday, FileAttributes.Hidden | FileAttributes.System, (DayOfWeek)77, SecurityRuleSet.Level2, BigInteger.Pow(-7, 90), BigInteger.Zero, DateTimeOffset.UnixEpoch.ToOffset(TimeSpan.FromHours(-5.5)), DateTimeOffset.MaxValue,
        DateOnly.MinValue, new DateOnly(2026, 2, 28), TimeOnly.MaxValue, (Half)0.1, Half.NaN, Int128.MinValue, (Int128)(-1), UInt128.MaxValue, new Index(3), ^0, ^7,
    ];

    // Better than the engine does, which makes property bags or numbers of them.
    [Theory]
    [MemberData(nameof(Kept))]
    public void What_needs_no_flattening_comes_back_as_it_was(object value)
    {
        Assert.Equal(value, ValueSerializer.Read(ValueSerializer.ToBytes(value)));
        Assert.Equal(value, ValueSerializer.Read(ValueSerializer.ToBytes(PSObject.AsPSObject(value))));
        var read = (PSObject)ValueSerializer.Read(ValueSerializer.ToBytes(new PSObject(new object[] { value, value, new Hashtable { [value] = value } })))!;
        var list = (ArrayList)read.BaseObject;
        Assert.Equal([value, value], list.GetRange(0, 2).Cast<object>());
        Assert.Equal(value, ((Hashtable)((PSObject)list[2]!).BaseObject)[value]);
    }

    [Theory]
    [InlineData("enum QlUnknown { Red; Green }; [QlUnknown]::Green")]
    [InlineData("enum QlBytes : byte { A; B }; [QlBytes]::A")]
    [InlineData("[Flags()] enum QlFlags : long { One = 1; Two = 2 }; [QlFlags] 3")]
    public void An_enumeration_that_is_not_known_here_comes_back_as_the_engine_would_bring_it(string script)
    {
        using var elsewhere = System.Management.Automation.PowerShell.Create(InitialSessionState.CreateDefault2());
        var value = elsewhere.AddScript(script).Invoke()[0].BaseObject;
        Compare(value);
        Compare(new object[] { 1, value, new Hashtable { ["key"] = PSObject.AsPSObject(value) } });
    }

    [Fact]
    public void A_collection_that_lies_about_its_count_or_throws_is_left_to_the_engine()
    {
        foreach (var (count, throws) in new[] { (1, false), (5, false), (3, true) })
        {
            Compare(new PSObject(new OddList(count, throws)));
            Compare(new object[] { 1, new OddList(count, throws), 2 });
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_020)]
    public void A_thousand_levels_arrive(int levels)
    {
        object value = 0;
        for (var i = 0; i < levels; i++)
        {
            value = i % 2 == 0 ? new Hashtable { ["n"] = value } : new object[] { value };
        }

        var read = ValueSerializer.Read(ValueSerializer.ToBytes(value));
        for (var i = levels - 1; i >= 0; i--)
        {
            var inner = ((PSObject)read!).BaseObject;
            read = i % 2 == 0 ? ((Hashtable)inner)["n"] : ((ArrayList)inner)[0];
        }

        Assert.Equal(0, read);
    }

    [Fact]
    public void What_is_deeper_than_the_limit_cannot_be_written()
    {
        object value = 0;
        for (var i = 0; i < 3_000; i++)
        {
            value = new object[] { value };
        }

        Assert.Throws<ValueNotSerializableException>(() => ValueSerializer.ToBytes(value));
    }

    [Fact]
    public void What_only_the_engine_can_serialize_is_refused_where_it_could_not_be_read()
    {
        // A set is a matter of the engine, which writes no more than 50 levels and reads none of such.
        object value = 0;
        for (var i = 0; i < 60; i++)
        {
            value = new HashSet<object> { value };
        }

        Assert.Throws<ValueNotSerializableException>(() => ValueSerializer.ToBytes(value));
    }

    [Fact]
    public void Every_part_of_a_graph_and_every_change_of_it_is_read_or_refused()
    {
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var bytes = ValueSerializer.ToBytes(new GraphMaker(folder.Path, new Random(i)).Make());
            if (!ValueCodec.IsGraph(bytes))
            {
                continue;
            }

            for (var length = 1; length < bytes.Length; length += 1 + bytes.Length / 50)
            {
                Assert.Throws<ProtocolException>(() => ValueSerializer.Read(bytes.AsSpan(0, length)));
            }

            for (var change = 0; change < 50; change++)
            {
                var changed = bytes.ToArray();
                changed[random.Next(1, changed.Length)] = (byte)random.Next(256);
                try
                {
                    ValueSerializer.Read(changed);
                }
                catch (ProtocolException)
                {
                }
            }
        }
    }

    private static void RefuseWhatTheEngineCannotRead(object? value)
    {
        Assert.Throws<XmlException>(() => PSSerializer.Deserialize(PSSerializer.Serialize(value)));
        Assert.Throws<ValueNotSerializableException>(() => ValueSerializer.ToBytes(value));
    }

    private static byte[] Compare(object? value) => Compare(value, value);

    private static byte[] Compare(object? engines, object? ours)
    {
        var expected = PSSerializer.Deserialize(PSSerializer.Serialize(engines));
        var bytes = ValueSerializer.ToBytes(ours);
        var actual = ValueSerializer.Read(bytes);
        // In this order: to describe an object is to look at it.
        Assert.Equal(PSSerializer.Serialize(expected), PSSerializer.Serialize(actual));
        Assert.Equal(Describe(expected), Describe(actual));
        return bytes;
    }

    /// <summary>What a serialization does not say: the types of all that is in a value, and which objects are one.</summary>
    private static string Describe(object? value)
    {
        var text = new StringBuilder();
        Describe(value, text, new Dictionary<object, int>(ReferenceEqualityComparer.Instance));
        return text.ToString();
    }

    private static void Describe(object? value, StringBuilder text, Dictionary<object, int> seen)
    {
        switch (value)
        {
            case PSObject { ImmediateBaseObject: string plain } wrapper when !wrapper.Properties.OfType<PSNoteProperty>().Any() && wrapper.TypeNames[0] == typeof(string).FullName:
                // Whether it is wrapped follows who has looked at the object before.
                Describe(plain, text, seen);
                break;
            case PSObject known when seen.TryGetValue(known, out var number):
                text.Append(CultureInfo.InvariantCulture, $"#{number};");
                break;
            case PSObject wrapped:
                seen.Add(wrapped, seen.Count);
                text.Append('{').AppendJoin('|', wrapped.TypeNames).Append(' ');
                if (wrapped.ImmediateBaseObject is not PSCustomObject)
                {
                    Describe(wrapped.ImmediateBaseObject, text, seen);
                }

                foreach (var member in wrapped.Properties.OfType<PSNoteProperty>())
                {
                    text.Append(member.Name).Append('=');
                    Describe(member.Value, text, seen);
                }

                text.Append('}');
                break;
            case IDictionary dictionary:
                text.Append(value.GetType()).Append('(');
                foreach (DictionaryEntry entry in dictionary)
                {
                    Describe(entry.Key, text, seen);
                    Describe(entry.Value, text, seen);
                }

                text.Append(')');
                break;
            case IEnumerable list when value is not string:
                text.Append(value.GetType()).Append('[');
                foreach (var item in list)
                {
                    Describe(item, text, seen);
                }

                text.Append(']');
                break;
            default:
                text.Append(value?.GetType()).Append(':').Append(Convert.ToString(value, CultureInfo.InvariantCulture)).Append(';');
                break;
        }
    }

    private sealed class OddList(int count, bool throws) : ArrayList(new object[] { 1, 2, 3 })
    {
        public override int Count => count;

        public override IEnumerator GetEnumerator()
        {
            yield return 1;
            yield return throws ? throw new InvalidOperationException("changed") : 2;
            yield return 3;
        }
    }

    public sealed class Holder
    {
        public object? Value;

        public string Name { get; init; } = "";

        public object? Other { get; set; }

        public int Bad => Name.Length > 0 ? throw new InvalidOperationException("no such number") : 0;

        public override string ToString() => $"<{Name}>";
    }

    /// <summary>Makes values of all that people pipe, with references to what was made before.</summary>
    private sealed class GraphMaker(string folder, Random random)
    {
        private readonly List<object> made = [];

        public object? Make(int depth = 0)
        {
            var choice = depth == 0 ? random.Next(12, 24) : random.Next(depth > 4 ? 12 : 24);
            if (random.Next(12) == 0 && made.Count > 0)
            {
                return made[random.Next(made.Count)];
            }

            return choice switch
            {
                0 => null,
                1 => random.Next(),
                2 => random.NextInt64(),
                3 => random.NextDouble(),
                4 => "text " + random.Next(100),
                5 => random.Next(2) == 0,
                6 => DateTime.UnixEpoch.AddSeconds(random.Next()),
                7 => new Guid(random.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
                8 => (decimal)random.NextDouble(),
                9 => PSObject.AsPSObject("wrapped" + random.Next(10)),
                10 => random.Next(6) switch { 0 => new Version(1, random.Next(9)), 1 => new Uri("http://host/" + random.Next(9)), 2 => new Version(2, 3, 4), 3 => '\u00e9', 4 => TimeSpan.FromSeconds(random.Next(999)), _ => (byte)random.Next(256) },
                11 => random.Next(3) == 0 ? Complex(depth) : random.Next(4) == 0 ? new HashSet<int> { random.Next(5) } : new byte[random.Next(5)],
                < 17 => Bag(depth),
                17 when random.Next(3) == 0 => Numbers(),
                17 => Added(new object?[random.Next(4)], depth),
                18 => Added(new ArrayList(), depth),
                19 => Fill(new Hashtable(StringComparer.OrdinalIgnoreCase), depth),
                20 => Fill(new OrderedDictionary(), depth),
                21 => Added(new Stack(), depth),
                22 => Noted(depth),
                _ => Fill(new Dictionary<string, object?>(), depth),
            };
        }

        private object Complex(int depth)
        {
            object complex = random.Next(6) switch
            {
                0 => new StringBuilder("complex"),
                1 => new DirectoryInfo(folder),
                2 => new InvalidOperationException("outer", new ArgumentException("inner")),
                3 => KeyValuePair.Create("key", random.Next(9)),
                4 => new Holder { Name = "holder" + random.Next(3) },
                _ => PSSerializer.Deserialize(PSSerializer.Serialize(new Holder { Value = Make(depth + 1) })),
            };
            made.Add(complex);
            if (complex is Holder holder)
            {
                holder.Value = Make(depth + 1);
                holder.Other = Make(depth + 1);
            }

            if (random.Next(3) > 0)
            {
                return complex;
            }

            var noted = new PSObject(complex);
            noted.Properties.Add(new PSNoteProperty("Note", Make(depth + 1)));
            return noted;
        }

        private object Numbers()
        {
            object numbers = random.Next(4) switch { 0 => new int[random.Next(4)], 1 => new[] { random.NextDouble() }, 2 => new List<long> { random.NextInt64() }, _ => new char[random.Next(3)] };
            made.Add(numbers);
            return numbers;
        }

        private PSObject Bag(int depth)
        {
            var bag = new PSObject();
            if (random.Next(5) == 0)
            {
                bag.TypeNames.Insert(0, "My.Type" + random.Next(3));
            }

            made.Add(bag);
            for (var i = random.Next(6); i > 0; i--)
            {
                bag.Properties.Add(new PSNoteProperty("P" + i, Make(depth + 1)));
            }

            return bag;
        }

        private PSObject Noted(int depth)
        {
            var noted = new PSObject(random.Next(3) == 0 ? new ArrayList { Make(depth + 1) } : random.Next(2) == 0 ? "line " + random.Next() : random.Next());
            made.Add(noted);
            noted.Properties.Add(new PSNoteProperty("PSPath", Make(depth + 1)));
            return noted;
        }

        private object Added(ICollection list, int depth)
        {
            made.Add(list);
            for (var i = 0; i < (list as Array)?.Length; i++)
            {
                ((object?[])list)[i] = Make(depth + 1);
            }

            for (var i = list is Array ? 0 : random.Next(4); i > 0; i--)
            {
                var element = Make(depth + 1);
                _ = (list as ArrayList)?.Add(element);
                (list as Stack)?.Push(element);
            }

            return random.Next(3) == 0 ? PSObject.AsPSObject(list) : list;
        }

        private object Fill(IDictionary dictionary, int depth)
        {
            made.Add(dictionary);
            for (var i = random.Next(4); i > 0; i--)
            {
                object key = dictionary is Dictionary<string, object?> || random.Next(3) > 0 ? "k" + i : i;
                dictionary[key] = Make(depth + 1);
            }

            return dictionary;
        }
    }
}
