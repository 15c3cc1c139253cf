using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.Win32.SafeHandles;
using QueueLog.Reading;
using QueueLog.Reading.Search;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

public sealed class MatchTests : IDisposable
{
    private static readonly string[] Patterns =
    [
        "item 3\\d", "ITEM", "kiss", "\\bdisk\\b", "disk|full", "(disk|full) 1", "^2026", "full$", "x+y", "a[^b]c", "a[bc]d", "\\s+at", "\\d{2,}", "no.match", "ä", "Ä", "[a-z]+ [0-9]$",
        "a\\.b", "a{2}", "{a|b}c", "(?i)DISK", "(?<n>k)\\k<n>", "(?!disk)full", "disk\\n", "(?s)disk.*full", "\\Adisk", "disk\\z", "[\\t-a]x", "\\x41", "[]a]b", "[^]]x", "#", "", "at\\sFoo", "foo?bar",
        "(foo)*bar", "k", "I", "\\p{L}1", "disk*", "disk\\*", "\\S+@\\S+", "(?>a[^b]*)c",
    ];

    private static readonly string[] Words =
    [
        "disk", "full", "Disk", "item 31", "item 3", "kiss", "\u212Aiss", "K", "k", "\u0130", "ı", "ſ", "xxy", "axc", "a\nc", "abd", "    at Foo", "12", "ä", "Ä", "a.b", "aa", "{a", "b}c", "A", "]b", "#", "foobar",
        "fobar", "bar", "@", "a@b", "\n    disk", "z 7", "é1", "\ud800", "",
    ];

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly TempFolder folder = new();
    private SafeFileHandle? open;

    public void Dispose()
    {
        open?.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_search_finds_what_asking_every_entry_finds()
    {
        var path = folder.Combine("run.log");
        var expressions = Patterns.SelectMany(pattern => new[] { (pattern, false), (pattern, true) }).Select(choice => (choice.pattern, new EntryPattern(choice.pattern, choice.Item2))).ToArray();
        Gen.Int[0, Words.Length - 1].Array[0, 4].Array[1, 40].Sample(
            lines =>
            {
                // A lone surrogate stands for a byte that is no UTF-8.
                var text = string.Concat(lines.Select((words, i) => LogFixture.Line(i, string.Join(' ', words.Select(word => Words[word])))));
                File.WriteAllBytes(path, [.. text.Split('\ud800').SelectMany((piece, i) => (byte[])[.. i == 0 ? [] : new byte[] { 0xFF }, .. Encoding.UTF8.GetBytes(piece)])]);
                var all = Entries(path);
                foreach (var (pattern, expression) in expressions)
                {
                    var expected = all.Where(entry => expression.Regex.IsMatch(entry));
                    Assert.Equal((pattern, string.Join('|', expected)), (pattern, string.Join('|', Matching(path, expression))));
                }
            },
            iter: 60,
            threads: 1);
    }

    // The same answers from the engine that tries nothing twice: a limit that is over at once leaves all to it.
    [Fact]
    public void An_expression_that_backtracks_without_end_is_searched_for_in_one_pass()
    {
        var path = folder.Combine("run.log");
        File.WriteAllText(path, LogFixture.Line(0, "first " + new string('a', 1000) + "!") + LogFixture.Line(1, "second " + new string('a', 1000)));
        Assert.Equal(["second " + new string('a', 1000)], LogFixture.Messages(path, new LogQuery { Pattern = new EntryPattern("(a+)+$", ignoreCase: true, Moment) }));
        Assert.Equal(["second " + new string('a', 1000)], LogFixture.Messages(path, new LogQuery { Pattern = new EntryPattern("(a+\\s?)+$", ignoreCase: true, Moment) }));
    }

    [Theory]
    [InlineData("(?=x|a)(a+)+$")]
    [InlineData("(?<n>a+)+\\s?\\k<n>!!")]
    public void An_expression_that_needs_the_past_ends_with_the_place_where_its_time_was_over(string expression)
    {
        var path = folder.Combine("run.log");
        var first = LogFixture.Line(0, "b");
        File.WriteAllText(path, first + LogFixture.Line(1, new string('a', 1000) + "!"));
        var query = new LogQuery { Pattern = new EntryPattern(expression, ignoreCase: true, Moment) };
        var exception = Assert.Throws<MatchTimeoutException>(() => LogFixture.Read(path, query));
        Assert.Equal((path, expression, Moment), (exception.File, exception.Pattern, exception.Limit));
        Assert.Contains(exception.Offset, new[] { 0L, first.Length });
    }

    [Theory]
    [InlineData("disk full", "disk full", true)]
    [InlineData("disk \\d+ full", "disk ", true)]
    [InlineData("ab?cde", "cde", true)]
    [InlineData("abc+de", "abc", true)]
    [InlineData("a|b", null, true)]
    [InlineData("(a|b)cd", "cd", true)]
    [InlineData("ab(cd)?ef", "ab", true)]
    [InlineData("x\\.y", "x.y", true)]
    [InlineData("ab\\sc", "ab", false)]
    [InlineData("ab[^c]d", "ab", false)]
    [InlineData("ab{2}c", "a", true)]
    [InlineData("ab{x|y}c", null, true)]
    [InlineData("(?i)abc", null, false)]
    [InlineData("ab(?=c)", null, false)]
    [InlineData("\\Aabc", null, false)]
    [InlineData("[a-z-[b]]abc", null, false)]
    public void What_a_pattern_says_about_its_matches(string pattern, string? literal, bool staysInLine) =>
        Assert.Equal(new PatternShape(literal, staysInLine), PatternShape.Of(pattern));

    private List<string> Entries(string path)
    {
        using var reader = new EntryReader(Open(path), new QueueLog.Reading.Formats.FormatFinder(null, LogFixture.Zone, DateTime.MaxValue));
        return Texts(reader);
    }

    private List<string> Matching(string path, EntryPattern pattern)
    {
        using var reader = new EntryReader(Open(path), new QueueLog.Reading.Formats.FormatFinder(null, LogFixture.Zone, DateTime.MaxValue), matcher: new EntryMatcher(pattern), blockLength: 512);
        return Texts(reader);
    }

    private static List<string> Texts(EntryReader reader)
    {
        var texts = new List<string>();
        while (reader.Read(EndOfData.Final, out var entry))
        {
            texts.Add(Encoding.UTF8.GetString(entry.Text));
        }

        return texts;
    }

    private QueueLog.Reading.Files.GzipSource Open(string path)
    {
        open?.Dispose();
        File.WriteAllBytes(path + ".gz", LogFixture.Compress(File.ReadAllBytes(path)));
        open = File.OpenHandle(path + ".gz");
        return new QueueLog.Reading.Files.GzipSource(open);
    }
}
