using System.Text;
using System.Text.RegularExpressions;
using QueueLog.Formatting;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads entries by expressions whose groups are named as fields are; other groups are properties.</summary>
internal sealed class PatternEntryParser : EntryParser
{
    // No program's own line is longer, and an expression may take very long for one.
    private const int LongestLine = 64 * 1024;

    private readonly LinePattern pattern;
    private readonly TimePlacer placer;
    private readonly PatternGroups[] groups;

    // A line is asked whether it begins an entry, and then read.
    private (string Line, Match? Match, PatternGroups? Groups) last = ("", null, null);

    public PatternEntryParser(LinePattern pattern, TimePlacer placer, bool onlyLooks = false)
    {
        this.pattern = pattern;
        this.placer = placer;
        groups = [.. (onlyLooks ? pattern.Plain : pattern.Compiled).Select(regex => new PatternGroups(regex))];
    }

    public override string Name => pattern.Name;

    public override bool HasContinuations => pattern.Further != FurtherLines.None;

    public override bool IsContinuation(ReadOnlySpan<byte> lines)
    {
        if (!HasContinuations)
        {
            return false;
        }

        var line = ForeignTrace.FirstLine(lines);
        return (pattern.Further == FurtherLines.All || ForeignTrace.IsPart(line)) && !Match(line).Success;
    }

    public override bool Shows(AskedField asked) => asked.Field switch
    {
        TemplateField.Level => pattern.Level != LevelSource.None || Array.Exists(groups, set => set.Has(ForeignField.Level) || set.Has(ForeignField.SyslogLevel)),
        TemplateField.Process => Array.Exists(groups, set => set.Has(ForeignField.Process)),
        TemplateField.Category => Array.Exists(groups, set => set.Has(ForeignField.Logger)),
        TemplateField.Property => Array.Exists(groups, set => set.HasName(asked.Name)),
        _ => false,
    };

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        var line = ForeignTrace.FirstLine(text);
        var (found, set) = Find(line);
        if (set is null)
        {
            return EntryState.Raw;
        }

        var bytes = new LineBytes(line, last.Line);
        var record = new ForeignRecord(Properties);
        ReadOnlySpan<byte> status = default;
        foreach (var group in set.Groups)
        {
            if (found.Groups[group.Number] is { Success: true } captured)
            {
                var value = bytes.Of(captured, Unfolded);
                status = group.IsStatus ? value : status;
                if (value is not [(byte)'-'])
                {
                    record.Offer(group.Name, group.Key, value, !IsNumber(value));
                }
            }
        }

        SetLevel(ref record, status, line);
        AddFurtherLines(ref record, text, line);
        record.Fill(ref entry, placer);
        return EntryState.Record;
    }

    private void SetLevel(scoped ref ForeignRecord record, ReadOnlySpan<byte> status, ReadOnlySpan<byte> line)
    {
        if (record.HasLevel)
        {
            return;
        }

        if (pattern.Level == LevelSource.Status && status.Length == 3)
        {
            record.SetLevel(status[0] switch { (byte)'5' => LogLevel.Error, (byte)'4' => LogLevel.Warning, _ => LogLevel.Information });
        }
        else if (pattern.Level == LevelSource.Message)
        {
            LevelInText.TryFind(record.HasMessage ? record.Message : line, out var level);
            record.SetLevel(level);
        }
    }

    private static void AddFurtherLines(scoped ref ForeignRecord record, ReadOnlySpan<byte> text, ReadOnlySpan<byte> line)
    {
        if (!record.HasMessage)
        {
            record.SetMessage(line);
        }

        var start = text.IndexOf((byte)'\n') + 1;
        if (start == 0)
        {
            return;
        }

        var exception = ForeignTrace.Find(text[start..]);
        if (exception >= 0)
        {
            var view = default(RecordView);
            ForeignTrace.Split(text[(start + exception)..].TrimEnd("\r\n"u8), ref view);
            record.SetException(view.ExceptionType, view.ExceptionMessage, view.ExceptionStackTrace);
            text = text[..(start + exception)];
        }

        // A message that reaches to the end of its line goes on below.
        if (text[start..].Length > 0 && line.Overlaps(record.Message, out var place) && place + record.Message.Length == line.Length)
        {
            record.SetMessage(text[place..].TrimEnd("\r\n"u8));
        }
    }

    private Match Match(ReadOnlySpan<byte> line) => Find(line).Match;

    private (Match Match, PatternGroups? Groups) Find(ReadOnlySpan<byte> line)
    {
        if (line.Length > LongestLine)
        {
            return (System.Text.RegularExpressions.Match.Empty, null);
        }

        var text = Encoding.UTF8.GetString(line);
        if (last.Match is null || text != last.Line)
        {
            last = (text, System.Text.RegularExpressions.Match.Empty, null);
            foreach (var set in groups)
            {
                if (set.Regex.Match(text) is { Success: true } match)
                {
                    last = (text, match, set);
                    break;
                }
            }
        }

        return (last.Match!, last.Groups);
    }

    private static bool IsNumber(ReadOnlySpan<byte> value) => BareValue.TryReadInteger(value, out _) || BareValue.TryReadDouble(value, out _);
}
