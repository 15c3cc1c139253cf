using System.Collections.Frozen;

namespace QueueLog.Reading.Foreign;

/// <summary>The names that other programs give to the fields of an entry; case and signs do not matter.</summary>
// pino, bunyan, zap, slog, logrus, structlog, python-json-logger, Serilog's JSON, ECS, OpenTelemetry, GELF, journald, Docker, log4j's
// JSON layouts, tracing, and the groups of expressions.
internal static class FieldNames
{
    private const int Longest = 64;

    // Of several that stand for one field the first counts; the others are properties.
    private static readonly (ForeignField Field, string Names)[] Table =
    [
        (ForeignField.Time, "timestamp time ts t datetime asctime eventtime sourcerealtimetimestamp realtimetimestamp timeunixnano timemillis instantepochsecond logtime timeiso8601 tdate observedtimestamp observedtimeunixnano"),
        (ForeignField.Date, "date day"),
        (ForeignField.Level, "level loglevel severity levelname severitytext lvl priorityname sev s"),
        (ForeignField.LevelName, "status priority"),
        (ForeignField.SyslogLevel, "pri syslogpriority"),
        (ForeignField.PythonLevel, "levelno"),
        (ForeignField.OpenTelemetryLevel, "severitynumber"),
        (ForeignField.Message, "message msg shortmessage renderedmessage fieldsmessage bodystringvalue body event log text logmessage"),
        (ForeignField.Template, "messagetemplate"),
        (ForeignField.Logger, "logger loggername loglogger sourcecontext category categoryname channel component target name c"),
        (ForeignField.Process, "process processname program programname syslogidentifier appname ident comm"),
        (ForeignField.Pid, "pid processid processpid procid syslogpid"),
        (ForeignField.Caller, "caller"),
        (ForeignField.Exception, "exception exc excinfo exctext err error throwable thrown"),
        (ForeignField.ExceptionType, "exceptiontype errortype errtype errname excname exceptionclass exceptionexceptionclass thrownname errorkind"),
        (ForeignField.ExceptionMessage, "exceptionmessage errormessage errmessage errmsg excmessage exceptionexceptionmessage thrownmessage"),
        (ForeignField.Stack, "stacktrace stack errorstacktrace errorstack errstack exceptionstacktrace exceptionstack excstack thrownextendedstacktrace errorverbose"),
        (ForeignField.Members, "fields properties attributes log process error err exception exc thrown instant body t"),
    ];

    private static readonly FrozenDictionary<string, FieldName> Known = Table
        .Where(row => row.Field != ForeignField.Members)
        .SelectMany(row => row.Names.Split(' ').Select((name, rank) => (name, field: new FieldName(row.Field, rank))))
        .ToFrozenDictionary(pair => pair.name, pair => pair.field, StringComparer.Ordinal);

    private static readonly FrozenSet<string> Holders = Table[^1].Names.Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What a name stands for.</summary>
    // Any program may number its priorities; journald's are syslog's.
    public static FieldName Of(ReadOnlySpan<byte> name) => name.SequenceEqual("PRIORITY"u8) ? new FieldName(ForeignField.SyslogLevel, 0) : Find(Plain(default, name));

    /// <summary>What a member of an object stands for.</summary>
    public static FieldName Of(ReadOnlySpan<byte> holder, ReadOnlySpan<byte> member) => Find(Plain(holder, member));

    /// <summary>Whether the members of an object of this name are looked at.</summary>
    public static bool IsHolder(ReadOnlySpan<byte> name) => Holders.Contains(Plain(default, name));

    /// <summary>Whether an object does nothing but group the entry's properties.</summary>
    public static bool IsGroup(ReadOnlySpan<byte> name) => Plain(default, name) is "fields" or "properties" or "attributes";

    private static FieldName Find(string name) => Known.GetValueOrDefault(name);

    // Letters and digits alone, small: log.level, logLevel and LOG_LEVEL are one name.
    private static string Plain(ReadOnlySpan<byte> holder, ReadOnlySpan<byte> name)
    {
        Span<char> plain = stackalloc char[Longest];
        var length = Append(plain, holder);
        length += Append(plain[length..], name);
        return new string(plain[..length]);
    }

    private static int Append(Span<char> plain, ReadOnlySpan<byte> name)
    {
        var length = 0;
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit((char)c) && length < plain.Length)
            {
                plain[length++] = char.ToLowerInvariant((char)c);
            }
        }

        return length;
    }
}

/// <summary>What a name stands for.</summary>
/// <param name="Field">The field.</param>
/// <param name="Rank">Of several names for a field the lowest counts.</param>
internal readonly record struct FieldName(ForeignField Field, int Rank);
