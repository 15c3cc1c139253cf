using System.Text;
using QueueLog.Records;

namespace QueueLog.Formatting;

/// <summary>The lines of a log file that are no entries and tell the format of those that follow; docs/formats.md has them all.</summary>
internal sealed class FormatLines
{
    /// <summary>The columns of a Csv file.</summary>
    public const string Columns =
        "Timestamp,Level,Process,Pid,Worker,Item,Attempt,Category,Sequence,Caller,Message,Template,ExceptionType,ExceptionMessage,StackTrace,Properties";

    private static readonly byte[] ColumnsLine = Encoding.UTF8.GetBytes(Columns + "\n");

    private readonly LogFormat format;
    private readonly byte[] header;
    private readonly byte[] change;
    private readonly bool isDefault;

    public FormatLines(LogFormat format, string template = TemplateFormatter.DefaultTemplate)
    {
        this.format = format;
        isDefault = format != LogFormat.Text || template == TemplateFormatter.DefaultTemplate;
        change = Encoding.UTF8.GetBytes(format switch
        {
            LogFormat.Text => $"# QueueLog: text {OnOneLine(template)}\n",
            LogFormat.Csv => $"# QueueLog: csv\n{Columns}\n",
            _ => $"# QueueLog: {format.ToString().ToLowerInvariant()}\n",
        });
        header = format == LogFormat.Csv ? ColumnsLine : isDefault ? [] : change;
    }

    /// <summary>How every such line begins but the columns of a Csv file.</summary>
    public static ReadOnlySpan<byte> Mark => "# QueueLog:"u8;

    /// <summary>What a file begins with; empty where its first entry is enough.</summary>
    public ReadOnlySpan<byte> Header => header;

    /// <summary>What stands in a file where another format ends.</summary>
    public ReadOnlySpan<byte> Change => change;

    /// <summary>Whether entries of this format follow, by the beginning of a file without any mark.</summary>
    public bool FollowUnmarked(ReadOnlySpan<byte> file) => format switch
    {
        LogFormat.Text => isDefault && !file.StartsWith(JsonFormatter.Start) && !file.StartsWith(LogfmtFormatter.Start) && !file.StartsWith(ColumnsLine),
        LogFormat.Json => file.StartsWith(JsonFormatter.Start),
        LogFormat.Logfmt => file.StartsWith(LogfmtFormatter.Start),
        _ => file.StartsWith(ColumnsLine),
    };

    /// <summary>Whether a file holds such lines and nothing else, however much of the last one.</summary>
    public static bool AreAllOf(ReadOnlySpan<byte> file)
    {
        while (file.StartsWith(Mark) || file.StartsWith(ColumnsLine))
        {
            file = file[(file.IndexOf((byte)'\n') is var end and >= 0 ? end + 1 : file.Length)..];
        }

        return file.IsEmpty;
    }

    // As the template's compiler takes them.
    private static string OnOneLine(string template) => template.ReplaceLineEndings("{NewLine}");
}
