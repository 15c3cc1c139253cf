namespace QueueLog.Reading.Foreign;

/// <summary>The patterns that are known by name, in the order in which they are tried.</summary>
internal static class LinePatterns
{
    private const string Clock = @"\d{1,2}:\d{2}:\d{2}(?:[.,:]\d+)?";
    private const string Zone = @"(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})(?![\w:]))?";
    private const string Day = @"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{2}[-/.]\d{2}[-/.]\d{2,4}|\d{1,2}[-/ ][A-Z][a-z]{2}[-/ ]\d{4})";
    private const string Time = "(?:" + Day + "[T _:-]" + Clock + Zone + @"|\d{6} \d{6})";
    private const string AnyTime = "(?:" + Time + "|" + Clock + ")";
    private const string Stamp = @"[A-Z][a-z]{2} +\d{1,2} \d{2}:\d{2}:\d{2}(?:\.\d+)?";
    private const string Level = "(?<level>(?i:TRACE|DEBUG|INFO(?:RMATION)?|NOTICE|SUCCESS|WARN(?:ING)?|ERR(?:OR)?|SEVERE|FATAL|CRIT(?:ICAL)?|ALERT|EMERG(?:ENCY)?|PANIC|FINE(?:R|ST)?|CONFIG|VERBOSE|AUDIT))";
    private const string Logger = @"(?<logger>[\w.$/-]+)";

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
            @"^<(?<priority>\d{1,3})>1 (?<time>\S+) (?<host>\S+) (?<process>\S+) (?<pid>\S+) (?<msgid>\S+) (?<data>-|(?:\[.*?\])+) ?(?<message>.*)$",
            "^(?:<(?<priority>\\d{1,3})>)?(?<time>" + Stamp + "|" + Day + "T" + Clock + Zone + @") (?<host>\S+) (?<process>[^\s:\[]+)(?:\[(?<pid>\d+)\])?: ?(?<message>.*)$",
            "^(?:<(?<priority>\\d{1,3})>)?(?<time>" + Stamp + @") (?<host>\S+) (?<message>.*)$")
        { Level = LevelSource.Message },
        new(
            "windows-cbs",
            @"^(?<time>\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}), (?<level>Info|Warning|Error|Fatal|Perf|Debug)? +(?:(?<component>[A-Z]{2,}) {2,})?(?<message>.*)$")
        { Level = LevelSource.Message, Further = FurtherLines.All },
        new(
            "python",
            "^(?<time>" + Time + ") - " + Logger + " - " + Level + " - (?<message>.*)$",
            "^" + @"\[(?<time>" + Time + @")\] \{(?<caller>[^}]*)\} " + Level + " - (?<message>.*)$",
            @"^\[(?<time>" + Time + "): " + Level + @"/(?<process>[^\]]+)\] (?<message>.*)$",
            "^(?<time>" + Time + @") \| " + Level + @" +\| (?<logger>\S+) - (?<message>.*)$",
            @"^(?:\S+\.log\S* )?(?<time>" + Time + @") (?<pid>\d+) " + Level + @" (?<logger>[\w.]+) (?:\[(?<context>[^\]]*)\] )?(?<message>.*)$",
            "^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):(?<logger>[^:]+):(?<message>.*)$",
            "^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL): +(?<message>.*)$")
        { Further = FurtherLines.All },
        new(
            "log4j",
            @"^\[?(?<time>" + AnyTime + @")\]? +\[(?<thread>[^\]]*)\] +" + Level + " +" + Logger + "(?: +[-:]|:) +(?<message>.*)$",
            @"^(?<time>" + AnyTime + ") +" + Level + @" +(?<pid>\d+) +--- +(?:\[[^\]]*\] +)?\[ *(?<thread>[^\]]*)\] +(?<logger>\S+) +: (?<message>.*)$",
            @"^\[?(?<time>" + AnyTime + @")\]?,? +(?:- +)?(?:(?<pid>\d+) +)?\[?" + Level + @"\]?:? +\[(?<thread>.*?)\] +(?:- +)?(?:" + Logger + "(?:: | +- +))?(?<message>.*)$",
            @"^\[?(?<time>" + AnyTime + @")\]?,? +(?:[-|] +)?(?:(?<pid>\d+) +)?\[?" + Level + @"\]?:? +(?:[-|] +)?(?:" + Logger + "(?:: | +- +))?(?<message>.*)$")
        { Further = FurtherLines.All },
        new(
            "logcat",
            @"^(?<time>(?:\d{4}-)?\d{2}-\d{2} " + Clock + @") +(?<pid>\d+) +(?<tid>\d+) (?<level>[VDIWEFA]) (?<logger>.*?) *: (?<message>.*)$"),
        new(
            "glog",
            @"^(?<level>[IWEF])(?<time>(?:\d{4})?\d{4} \d{2}:\d{2}:\d{2}\.\d+) +(?<pid>\d+) (?<caller>[^\]]+)\] (?<message>.*)$")
        { Further = FurtherLines.All },
        new(
            "timed",
            @"^[^\w]{0,2}(?<time>" + AnyTime + "|" + Stamp + "|" + @"\d{8}-" + Clock + "|" + @"\d{2}[-.]\d{2} " + Clock + @")[^\w]+(?<message>.*)$",
            @"^(?:\S+ ){1,4}?(?<time>" + Time + "|" + Day + @"-\d{2}\.\d{2}\.\d{2}(?:\.\d+)?)[^\w]+(?<message>.*)$")
        { Level = LevelSource.Message, Further = FurtherLines.All },
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
