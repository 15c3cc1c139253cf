using System.Globalization;
using System.Management.Automation;
using QueueLog.Reading;
using QueueLog.Reading.Search;
using static QueueLog.PowerShell.Errors.ErrorFactory;

namespace QueueLog.PowerShell.Errors;

/// <summary>Those of the commands that read logs.</summary>
internal static class ReadingErrors
{
    public static ErrorRecord LogNotFound(string path) => New(
        "LogNotFound",
        ErrorCategory.ObjectNotFound,
        path,
        $"There is no log '{path}', and no old file of it. Give a -Path to a log file, to a folder with *.log files, or with wildcards.");

    public static ErrorRecord NoLogToRead() => New(
        "NoLogToRead",
        ErrorCategory.InvalidArgument,
        null,
        "No -Path was given, and the session has no listener with a log. Give a -Path.");

    public static ErrorRecord PatternWithTemplate(string pattern) => New(
        "PatternWithTemplate",
        ErrorCategory.InvalidArgument,
        pattern,
        "-Pattern and -Template both say how lines look. Give one of them.");

    public static ErrorRecord PatternWithoutGroups(string pattern, IEnumerable<string> names) => New(
        "PatternWithoutGroups",
        ErrorCategory.InvalidArgument,
        pattern,
        $"'{pattern}' names no groups, so it says nothing about a line. Name them, as in '^(?<time>\\S+) (?<level>\\w+) (?<message>.*)', or give one of the names {string.Join(", ", names)}.");

    public static ErrorRecord InvalidPattern(string pattern, string parameter, Exception inner) => New(
        "InvalidPattern",
        ErrorCategory.InvalidArgument,
        pattern,
        $"'{pattern}' is not a valid regular expression: {inner.Message} Correct {parameter}; [regex]::Escape makes an expression from a text.",
        inner);

    public static ErrorRecord MatchTimedOut(MatchTimeoutException exception) => New(
        "MatchTimedOut",
        ErrorCategory.OperationTimeout,
        exception.Pattern,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The search for '{exception.Pattern}' exceeded {exception.Limit.TotalSeconds} s at byte {exception.Offset} of '{exception.File}' and was stopped. The expression tries too many ways to match. Avoid nested repetitions such as '(a+)+', or, in -Match, remove lookarounds, back references and atomic groups, so that one pass suffices."),
        exception);

    public static ErrorRecord InvalidFilter(Exception inner) => New(
        "InvalidFilter",
        ErrorCategory.InvalidArgument,
        null,
        $"A wildcard pattern cannot be used: {inner.Message} Put a backtick before a bracket that belongs to the text.",
        inner);

    public static ErrorRecord Of(ReadProblem problem) => problem.Fault switch
    {
        ReadFault.Damaged => New(
            "LogFileDamaged",
            ErrorCategory.InvalidData,
            problem.Path,
            $"The rest of '{problem.Path}' cannot be read: {problem.Cause?.Message} The entries before it were returned. Restore the file from a copy if the rest matters.",
            problem.Cause),
        ReadFault.EntryTooLong => New(
            "LogEntryTooLong",
            ErrorCategory.LimitsExceeded,
            problem.Path,
            string.Create(
                CultureInfo.InvariantCulture,
                $"An entry at byte {problem.Offset} of '{problem.Path}' is longer than {ReadLimits.LongestEntry / (1024 * 1024)} MB, and was skipped; the others are returned. QueueLog writes such an entry only for a record full of control characters; otherwise another program wrote it, or the file is damaged. Check that place, and restore the file from a copy if it matters.")),
        ReadFault.NoTimes => New(
            "LogShowsNoTimes",
            ErrorCategory.InvalidData,
            problem.Path,
            $"The entries of '{problem.Path}' show no times, so -Since and -Until cannot select any. Omit these, or give the -Template if the first line of the file does not name it, or the -Pattern of another program's lines."),
        ReadFault.NoField => New(
            "LogShowsNoField",
            ErrorCategory.InvalidData,
            problem.Path,
            $"The entries of '{problem.Path}' do not show {string.Join(" and ", problem.Fields.Select(field => $"{{{field}}}"))}, so a filter by that selects none. Start the listener with it in its -Template, or with -Format Json, which keeps every field. If the first line of the file does not name its template, give the -Template; if another program wrote it, the -Pattern."),
        _ => New(
            "LogFileUnreadable",
            ErrorCategory.ReadError,
            problem.Path,
            $"'{problem.Path}' cannot be read: {problem.Cause?.Message} Get the right to read it.",
            problem.Cause),
    };
}
