using System.Globalization;
using System.Text.Json;
using QueueLog.Records;

namespace QueueLog.Tests.Reading.Foreign;

/// <summary>Lines as other programs write them, each with the time and the level that it says.</summary>
internal static class ForeignLines
{
    private static readonly string[] Names = ["disk", "net", "auth", "job", "größe"];
    private static readonly LogLevel[] Levels = [LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error];

    /// <summary>A line of a format by its number.</summary>
    public static readonly Dictionary<string, (string Format, Func<int, string> Make)> Formats = new()
    {
        ["pino"] = ("json-lines", i => Json(new { level = Pick(i, 20, 30, 40, 50), time = At(i).ToUnixTimeMilliseconds(), pid = 4711, hostname = "box", reqId = i, msg = Text(i) })),
        ["bunyan"] = ("json-lines", i => Json(new { name = "app", hostname = "box", pid = 4711, level = Pick(i, 20, 30, 40, 50), msg = Text(i), time = Iso(i), v = 0 })),
        ["zap"] = ("json-lines", i => Json(new { level = Pick(i, "debug", "info", "warn", "error"), ts = At(i).ToUnixTimeMilliseconds() / 1000m, caller = "app/main.go:12", msg = Text(i), attempt = i })),
        ["slog"] = ("json-lines", i => Json(new { time = Iso(i), level = Pick(i, "DEBUG", "INFO", "WARN", "ERROR"), msg = Text(i), count = i })),
        ["ecs"] = ("json-lines", i => "{\"@timestamp\":\"" + Iso(i) + "\",\"log.level\":\"" + Pick(i, "debug", "info", "warn", "error") + "\",\"message\":" + Json(Text(i)) + ",\"ecs.version\":\"1.6.0\",\"log\":{\"logger\":\"com.app.Main\"},\"process\":{\"pid\":4711}}"),
        ["otel"] = ("json-lines", i => Json(new { Timestamp = (At(i).ToUnixTimeMilliseconds() * 1_000_000).ToString(CultureInfo.InvariantCulture), SeverityText = Pick(i, "DEBUG", "INFO", "WARN", "ERROR"), SeverityNumber = Pick(i, 5, 9, 13, 17), Body = Text(i), TraceId = "7b", Attributes = new { item = i } })),
        ["docker"] = ("json-lines", i => Json(new { log = Pick(i, "DEBUG", "INFO", "WARN", "ERROR") + " " + Text(i) + "\n", stream = "stdout", time = Iso(i) })),
        ["journald"] = ("json-lines", i => Json(new { __REALTIME_TIMESTAMP = (At(i).ToUnixTimeMilliseconds() * 1000).ToString(CultureInfo.InvariantCulture), PRIORITY = Pick(i, "7", "6", "4", "3"), SYSLOG_IDENTIFIER = "sshd", _PID = "4711", MESSAGE = Text(i) })),
        ["gelf"] = ("json-lines", i => Json(new { version = "1.1", host = "box", short_message = Text(i), timestamp = At(i).ToUnixTimeMilliseconds() / 1000m, level = Pick(i, 7, 6, 4, 3), _item = i })),
        ["python-json"] = ("json-lines", i => Json(new { asctime = At(i).ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture), levelname = Pick(i, "DEBUG", "INFO", "WARNING", "ERROR"), name = "app.db", message = Text(i) })),
        ["structlog"] = ("json-lines", i => Json(new { @event = Text(i), level = Pick(i, "debug", "info", "warning", "error"), timestamp = Iso(i), user = "ann" })),
        ["serilog-json"] = ("json-lines", i => Json(new { Timestamp = At(i).ToString("O", CultureInfo.InvariantCulture), Level = Pick(i, "Debug", "Information", "Warning", "Error"), MessageTemplate = "x {N}", RenderedMessage = Text(i), Properties = new { N = i } })),
        ["logfmt-time"] = ("key-value", i => $"time={Iso(i)} level={Pick(i, "debug", "info", "warn", "error")} msg=\"{Text(i)}\" n={i}"),
        ["logfmt-level"] = ("key-value", i => $"level={Pick(i, "debug", "info", "warning", "error")} t={At(i).ToUnixTimeMilliseconds()} msg=\"{Text(i)}\" took=12ms ok"),
        ["logfmt-ts"] = ("key-value", i => $"ts={At(i).ToUnixTimeMilliseconds() / 1000m} caller=main.go:12 level={Pick(i, "debug", "info", "warn", "error")} err=\"no luck\" msg=done"),
        ["apache-error"] = ("apache", i => $"[{At(i):ddd MMM dd HH:mm:ss.ffffff yyyy}] [core:{Pick(i, "debug", "notice", "warn", "error")}] [pid 4711:tid 12] [client 10.0.0.1:99] {Text(i)}"),
        ["apache-access"] = ("apache", i => $"10.0.0.{i % 255} - ann [{At(i).ToString("dd/MMM/yyyy:HH:mm:ss", CultureInfo.InvariantCulture)} +0200] \"GET /a?b={i} HTTP/1.1\" {Pick(i, "204", "200", "404", "503")} {(i % 3 == 0 ? "-" : "2326")} \"http://x/\" \"Mozilla/5.0 (X; \\\"y\\\")\""),
        ["nginx-error"] = ("nginx", i => $"{At(i):yyyy/MM/dd HH:mm:ss} [{Pick(i, "debug", "notice", "warn", "error")}] 1234#0: *{i} open() \"/x\" failed (2: {Text(i)}), client: 10.0.0.1"),
        ["sshd"] = ("syslog", i => $"{Syslog(i)} box sshd[{i + 1}]: {Pick(i, "debug: ", "", "warning: ", "error: ")}{Text(i)}"),
        ["linux"] = ("syslog", i => $"<{Pick(i, 31, 30, 28, 27)}>{Syslog(i)} box su(pam_unix)[{i + 1}]: {Text(i)}"),
        ["rfc5424"] = ("syslog", i => $"<{Pick(i, 167, 166, 164, 163)}>1 {Iso(i)} box app 4711 ID47 [x@1 a=\"b\"] {Text(i)}"),
        ["log4j"] = ("log4j", i => $"{At(i):yyyy-MM-dd HH:mm:ss,fff} {Pick(i, "DEBUG", "INFO ", "WARN ", "ERROR")} [main-{i}] org.app.Main$Inner: {Text(i)}"),
        ["zookeeper"] = ("log4j", i => $"{At(i):yyyy-MM-dd HH:mm:ss,fff} - {Pick(i, "DEBUG", "INFO ", "WARN ", "ERROR")} [QuorumPeer[myid=1]/0:0:0:0:0:0:0:0:2181:Election@774] - {Text(i)}"),
        ["logback"] = ("log4j", i => $"{At(i):yyyy-MM-dd HH:mm:ss.fff} [main] {Pick(i, "DEBUG", "INFO ", "WARN ", "ERROR")} o.a.Main - {Text(i)}"),
        ["spring"] = ("log4j", i => $"{At(i):yyyy-MM-ddTHH:mm:ss.fff}+02:00  {Pick(i, "DEBUG", " INFO", " WARN", "ERROR")} 4711 --- [           main] o.a.Main                : {Text(i)}"),
        ["hdfs"] = ("log4j", i => $"{At(i):yyMMdd HHmmss} {i + 1} {Pick(i, "DEBUG", "INFO", "WARN", "ERROR")} dfs.DataNode$PacketResponder: {Text(i)}"),
        ["spark"] = ("log4j", i => $"{At(i):yy/MM/dd HH:mm:ss} {Pick(i, "DEBUG", "INFO", "WARN", "ERROR")} executor.Backend: {Text(i)}"),
        ["python"] = ("python", i => $"{At(i):yyyy-MM-dd HH:mm:ss,fff} - app.db - {Pick(i, "DEBUG", "INFO", "WARNING", "ERROR")} - {Text(i)}"),
        ["openstack"] = ("python", i => $"nova-api.log.1.2017-05-16_13:53:08 {At(i):yyyy-MM-dd HH:mm:ss.fff} 4711 {Pick(i, "DEBUG", "INFO", "WARNING", "ERROR")} nova.osapi.wsgi [req-{i} - - -] {Text(i)}"),
        ["loguru"] = ("python", i => $"{At(i):yyyy-MM-dd HH:mm:ss.fff} | {Pick(i, "DEBUG  ", "INFO   ", "WARNING", "ERROR  ")} | __main__:run:12 - {Text(i)}"),
        ["celery"] = ("python", i => $"[{At(i):yyyy-MM-dd HH:mm:ss,fff}: {Pick(i, "DEBUG", "INFO", "WARNING", "ERROR")}/MainProcess] {Text(i)}"),
        ["windows-cbs"] = ("windows-cbs", i => $"{At(i):yyyy-MM-dd HH:mm:ss}, {Pick(i, "Debug               ", "Info                ", "Warning             ", "Error               ")}  {(i % 2 == 0 ? "CBS    " : "CSI    ")}{Text(i)}"),
        ["logcat"] = ("logcat", i => $"{At(i):MM-dd HH:mm:ss.fff}  1702  {i + 100} {Pick(i, "D", "I", "W", "E")} WindowManager: {Text(i)}"),
        ["glog"] = ("glog", i => $"{Pick(i, "I", "I", "W", "E")}{At(i):MMdd HH:mm:ss.ffffff}    4711 file.go:12] {Text(i)}"),
        ["iis"] = ("iis", i => (i == 0 ? "#Software: Microsoft Internet Information Services 10.0\n#Version: 1.0\n#Date: 2026-03-04 00:00:00\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port sc-status time-taken\n" : "") + $"{At(i).UtcDateTime:yyyy-MM-dd HH:mm:ss} 10.0.0.1 GET /a.htm - 443 {Pick(i, "200", "304", "404", "500")} {i}"),
        ["short-numbers"] = ("timed", i => $"{At(i):yyyyMMdd-H:m:s:fff}|Step_LSC|{i}|{Pick(i, "[debug] ", "", "[warn] ", "ERROR ")}{Text(i)}"),
        ["seconds"] = ("timed", i => $"{i} node-{i % 9} unix.hw {At(i).ToUnixTimeSeconds()} 1 {Pick(i, "[debug] ", "", "[warn] ", "ERROR ")}{Text(i)}"),
        ["timed"] = ("timed", i => $"{At(i):yyyyMMdd-HH:mm:ss:fff}|Step_LSC|{i}|{Pick(i, "[debug] ", "", "[warn] ", "ERROR ")}{Text(i)}"),
    };

    public static DateTimeOffset At(int i) => LogFixture.Start.AddSeconds(i * 7).AddMilliseconds(i % 1000);

    /// <summary>What a line's level comes to: some formats have no word for debug, and some none for Information.</summary>
    public static LogLevel? LevelOf(string format, int i) => (Levels[i % 4], format) switch
    {
        (LogLevel.Debug, "apache-access" or "iis" or "glog") => LogLevel.Information,
        (LogLevel.Information, "sshd" or "timed" or "short-numbers" or "seconds") => null,
        _ => Levels[i % 4],
    };

    public static string Text(int i) => $"{Names[i % Names.Length]}: could not read {i} of {i * 3} [x] a=b";

    private static T Pick<T>(int i, params T[] values) => values[i % values.Length];

    private static string Json(object value) => JsonSerializer.Serialize(value);

    private static string Iso(int i) => At(i).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Syslog(int i) => string.Create(CultureInfo.InvariantCulture, $"{At(i):MMM} {At(i).Day,2} {At(i):HH:mm:ss}");
}
