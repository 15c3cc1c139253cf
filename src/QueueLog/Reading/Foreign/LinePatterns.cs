using QueueLog.Records;

namespace QueueLog.Reading.Foreign;

/// <summary>The patterns that are known by name, in the order in which they are tried.</summary>
internal static class LinePatterns
{
    private const string Clock = @"\d{1,2}:\d{2}:\d{2}(?:[.,:]\d+)?(?: ?[AaPp](?:[Mm](?!\w)|\.[Mm]\.))?";
    private const string Offset = @"[+-](?:0\d|1[0-4])";

    // Of the last four nobody knows which zone they mean: with them a time is none.
    private const string ZoneName = "Z|UTC|GMT|CES?T|WES?T|EES?T|MSK|E[SD]T|[CM]DT|P[SD]T|[JK]ST|AE[SD]T|NZ[SD]T|CST|IST|BST|MST";

    // Behind a blank, twelve hundred below nothing is a number: no clock that people go by has such an offset.
    private const string Zone = @"(?:(?! -12\d\d)(?: ?(?:" + ZoneName + "|" + Offset + ":?(?:00|15|30|45))|" + Offset + @")(?![\w:]))?";
    private const string Day = @"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|\d{1,2}[-/ ][A-Z][a-z]{2}[-/ ]\d{4})";
    private const string Time = "(?:" + Day + "[T _:-]" + Clock + Zone + @"|\d{6} \d{6})";
    private const string AnyTime = "(?:" + Time + "|" + Clock + Zone + ")";
    private const string Stamp = @"[A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2}(?:\.\d+)?";
    private const string Begin = @"(?:\[(?<time>" + AnyTime + @")\]|(?<time>" + AnyTime + ")),?";
    private const string ShortTime = AnyTime + "|" + Stamp + @"|\d{8}-\d{1,2}:\d{1,2}:\d{1,2}(?:[.,:]\d+)?|\d{2}[-.]\d{2} " + Clock;
    private const string Logger = @"(?<logger>[\w.$/-]+)";
    private const string DottedLogger = @"(?<logger>[A-Za-z_$][\w$-]*(?:[./][\w$-]+)+)";

    // Nested brackets are part of it. Several in a row are no thread.
    private const string Thread = @"\[(?<thread>(?:[^\[\]]|\[[^\]]*\])*)\] +(?!\[)";

    // An entry whose level or form nobody knows begins with a time all the same.
    private const string OnlyTimed = @"^\[?(?<time>" + Time + @")(?!\w)\]?(?:[ \t]*\|)?[ \t,]*(?<message>.*)$";
    private const string OnlyClocked = @"^\[?(?<time>" + Clock + Zone + @")(?!\w)\]?(?:[ \t]*\|)?[ \t,]*(?<message>.*)$";

    // In capitals alone, in brackets or before a colon also in small letters.
    private static readonly string Words = string.Join('|', LevelParser.PlainNames.Concat(LevelParser.MarkedNames).Append("AUDIT").OrderByDescending(name => name.Length));
    private static readonly string Level = "(?<level>" + Words + @")(?!\w)";
    private static readonly string AnyLevel = "(?<level>(?i:" + Words + @"))(?!\w)";
    private static readonly string MarkedLevel = @"(?:\[ *" + AnyLevel + @" *\]|(?<level>(?i:" + string.Join('|', LevelParser.PlainNames) + "))(?=:)|" + Level + "):?";

    private const string Access =
        @"^(?:(?<vhost>\S+:\d+) )?(?<client>\S+) (?<identity>\S+) (?<user>\S+) \[(?<time>[^\]]+)\] "
        + @"(?<message>""(?<request>(?:[^""\\]|\\.)*)"" (?<status>\d{3}) (?<bytes>\d+|-)(?: ""(?<referrer>(?:[^""\\]|\\.)*)"" ""(?<agent>(?:[^""\\]|\\.)*)"")?.*)$";

    private static readonly LinePattern[] Table =
    [
        new(
            "apache",
            @"^\[(?<time>[A-Z][a-z]{2} [A-Z][a-z]{2} +\d{1,2} [\d:.]+ \d{4})\] \[(?:(?<module>\w*):)?(?<level>\w+)\](?: \[pid (?<pid>\d+)(?::tid (?<tid>\d+))?\])?(?: \[(?:remote|client) (?<client>[^\]]+)\])? ?(?<message>.*)$",
            Access)
        { Level = LevelSource.Status },
        new(
            "nginx",
            @"^(?<time>\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}) \[(?<level>\w+)\] (?<pid>\d+)#(?<tid>\d+): (?:\*(?<connection>\d+) )?(?<message>.*)$",
            Access)
        { Level = LevelSource.Status },
        new(
            "syslog",
            @"^<(?<pri>\d{1,3})>1 (?<time>\S+) (?<host>\S+) (?<process>\S+) (?<pid>\S+) (?<msgid>\S+) (?<data>-|(?:\[(?:[^\]""]|""(?:[^""\\]|\\.)*"")*\])+) ?\uFEFF?(?<message>.*)$",
            "^(?:<(?<pri>\\d{1,3})>)?(?<time>" + Stamp + "|" + Day + "T" + Clock + Zone + @") (?<host>\S+) (?<process>[^\s:\[]+)(?:\[(?<pid>\d+)\])?: ?(?<message>.*)$",
            "^(?:<(?<pri>\\d{1,3})>)?(?<time>" + Stamp + @") (?<host>\S+) (?<message>.*)$")
        { Level = LevelSource.Message },
        new(
            "windows-cbs",
            @"^(?<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}), (?<level>Info|Warning|Error|Fatal|Perf|Debug)? +(?:(?<component>[A-Z]{2,}) {2,})?(?<message>.*)$")
        { Level = LevelSource.Message, Further = FurtherLines.All, Otherwise = OnlyTimed },
        new(
            "java",
            @"^(?<time>[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d{2}:\d{2} [AP]M) (?<logger>[\w.$]+)(?: (?<caller>[\w$<>]+))?$")
        { Level = LevelSource.NextLine, Further = FurtherLines.All },
        new(
            "python",
            "^(?<time>" + Time + ") - " + Logger + " - " + Level + " - (?<message>.*)$",
            "^" + @"\[(?<time>" + Time + @")\] \{(?<caller>[^}]*)\} " + Level + " - (?<message>.*)$",
            @"^\[(?<time>" + Time + "): " + Level + @"/(?<process>[^\]]+)\] (?<message>.*)$",
            "^(?<time>" + Time + @") \| " + Level + @" +\| (?<logger>\S+) - (?<message>.*)$",
            @"^(?:\S+\.log\S* )?(?<time>" + Time + @") (?<pid>\d+) " + Level + @" (?<logger>[\w.]+) (?:\[(?<context>[^\]]*)\] )?(?<message>.*)$",
            @"^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?<logger>[^:\s][^:]*):(?<message>.*)$",
            "^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL): +(?<message>.*)$")
        { Further = FurtherLines.All, Otherwise = OnlyTimed, OtherwiseByClock = OnlyClocked },
        new(
            "log4j",
            "^" + Begin + @" +\[(?<thread>[^\]]*)\] +" + MarkedLevel + " +(?:(?:" + Logger + " +--?|" + DottedLogger + " *:) +)?(?<message>.*)$",
            @"^(?<time>" + AnyTime + ") +" + Level + @" +(?<pid>\d+) +--- +(?:\[[^\]]*\] +)?\[ *(?<thread>[^\]]*)\] +(?<logger>\S+) +: (?<message>.*)$",
            "^" + Begin + @" +(?:- +)?(?:(?<tid>\d+) +)?" + MarkedLevel + " +" + Thread + "(?:- +)?(?:" + DottedLogger + "(?:: | +--? +))?(?<message>.*)$",
            "^" + Begin + @" +(?:[-|] +)?(?:(?<tid>\d+) +)?" + MarkedLevel + " +(?:[-|] +)?(?:" + DottedLogger + "(?:: | +--? +))?(?<message>.*)$",
            @"^\[(?<time>" + AnyTime + @")\] *\[ *" + AnyLevel + @" *\] *\[(?<logger>[\w.$]+) *\] *(?<message>.*)$",
            @"^\[(?<time>" + AnyTime + ") +" + AnyLevel + @"(?: +(?<logger>[\w.:$/-]+))?\] *(?<message>.*)$")
        { Further = FurtherLines.All, Otherwise = OnlyTimed, OtherwiseByClock = OnlyClocked },
        new(
            "logcat",
            @"^(?<time>(?:\d{4}-)?\d{2}-\d{2} " + Clock + @") +(?<pid>\d+) +(?<tid>\d+) (?<level>[VDIWEFA]) (?<logger>.*?) *: (?<message>.*)$"),
        new(
            "glog",
            @"^(?<level>[IWEF])(?<time>(?:\d{4})?\d{4} \d{2}:\d{2}:\d{2}\.\d+) +(?<pid>\d+) (?<caller>[^\]]+)\] (?<message>.*)$")
        { Further = FurtherLines.All },
        new(
            "ruby",
            @"^(?:(?<level>[DIWEF])|[UA]), \[(?<time>\d{4}-\d{2}-\d{2}T[\d:.]+) #(?<pid>\d+)\] +[A-Z]+ -- (?<logger>[^:]*): (?<message>.*)$")
        { Further = FurtherLines.All },
        new(
            "gin",
            @"^\[\w+\] (?<date>\d{4}/\d{2}/\d{2}) - (?<time>\d{2}:\d{2}:\d{2}) \| +(?<status>\d{3}) \| +(?<latency>\S+) \| +(?<client>\S+) \| (?<message>.*)$")
        { Level = LevelSource.Status },
        new(
            "timed",
            @"^(?:[\[(<{""'](?<time>" + ShortTime + @")[\])>}""']|(?<time>" + ShortTime + @")(?!\w))(?:[ \t]+-+(?=\s)|[ \t]*\|+|[:,;](?!\d))?[ \t]*(?<message>.*)$",
            @"^(?:\S+ +){0,4}?[^\w\s]{0,2}(?<time>" + Time + "|" + Stamp + "|" + Day + @"-\d{2}\.\d{2}\.\d{2}(?:\.\d+)?)(?!\w)",
            @"^(?:\S+ +){0,5}?(?<time>1\d{9}(?:\.\d+)?)(?!\S)")
        { Level = LevelSource.Message, Further = FurtherLines.Indented },
    ];

    /// <summary>Those by which a file may be recognized.</summary>
    public static IReadOnlyList<LinePattern> All => Table;

    /// <summary>Has no expression: a file names its columns itself.</summary>
    public static LinePattern Iis { get; } = new("iis");

    /// <summary>The names, with those that stand for another.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Append(Iis).Select(pattern => pattern.Name).Append("sshd")];

    /// <summary>Null for a name of none.</summary>
    public static LinePattern? Find(string name)
    {
        var wanted = name.Equals("sshd", StringComparison.OrdinalIgnoreCase) ? "syslog" : name;
        return Table.Append(Iis).FirstOrDefault(pattern => pattern.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
    }
}
