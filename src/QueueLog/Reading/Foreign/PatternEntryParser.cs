using System.Text;
using System.Text.RegularExpressions;
using QueueLog.Reading.Formats;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads entries by expressions whose groups are named as fields are; other groups are properties.</summary>
internal sealed class PatternEntryParser : ForeignEntryParser
{
    // An expression may take very long for more: what is behind belongs to the message.
    private const int LongestLine = 64 * 1024;

    private readonly LinePattern pattern;
    private readonly PatternGroups[] groups;

    // Whether the last entry whose form is known had a time without a date.
    private bool isByClock;

    // A line is asked whether it begins an entry, and then read.
    private (string Line, Match? Match, PatternGroups? Groups) last = ("", null, null);

    public PatternEntryParser(LinePattern pattern, TimePlacer placer, bool onlyLooks = false)
        : base(placer)
    {
        this.pattern = pattern;
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

        // No more of it may be there.
        var line = Cut(ForeignTrace.FirstLine(lines), ReadLimits.LineStart);
        return (pattern.Further == FurtherLines.All || ForeignTrace.IsPart(line)) && !Match(line).Success;
    }

    protected override bool ShowsProperty(string name) => Array.Exists(groups, set => set.HasName(name));

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry)
    {
        var whole = ForeignTrace.FirstLine(text);
        var line = Cut(whole, LongestLine);
        var (found, set) = Find(line);
        if (set is null)
        {
            return EntryState.Raw;
        }

        var bytes = new LineBytes(line, last.Line);
        var record = new ForeignRecord(Properties, Order);
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
        if (line.Length < whole.Length)
        {
            record.SetMessage(line.Overlaps(record.Message, out var place) && place + record.Message.Length == line.Length ? whole[place..] : whole);
        }

        if (pattern.Level == LevelSource.NextLine && TryReadNextLine(ref record, text, out var next))
        {
            text = next;
            whole = ForeignTrace.FirstLine(next);
        }

        AddFurtherLines(ref record, text, whole);
        Fill(ref record, ref entry);
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
        else if (pattern.Level == LevelSource.Message && LevelInText.TryFind(record.HasMessage ? record.Message : line, out var level))
        {
            record.SetLevel(level);
        }
    }

    // SEVERE: the message
    private static bool TryReadNextLine(scoped ref ForeignRecord record, ReadOnlySpan<byte> text, out ReadOnlySpan<byte> next)
    {
        var below = text[(text.IndexOf((byte)'\n') + 1)..];
        var line = ForeignTrace.FirstLine(below);
        var colon = line.IndexOf(": "u8);
        next = below;
        if (below.Length == text.Length || colon < 0 || !LevelParser.TryParse(line[..colon], out var level))
        {
            return false;
        }

        record.SetLevel(level);
        record.SetMessage(line[(colon + 2)..]);
        return true;
    }

    private void AddFurtherLines(scoped ref ForeignRecord record, ReadOnlySpan<byte> text, ReadOnlySpan<byte> line)
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

        var further = text[start..].TrimEnd("\r\n"u8);
        if (further.IsEmpty)
        {
            return;
        }

        // A message that reaches to the end of its line goes on below.
        if (line.Overlaps(record.Message, out var place) && place + record.Message.Length == line.Length)
        {
            record.SetMessage(text[place..].TrimEnd("\r\n"u8));
            return;
        }

        var from = Unfolded.Length;
        Unfolded.WriteBytes(record.Message);
        Unfolded.WriteBytes(record.Message.IsEmpty ? default : "\n"u8);
        Unfolded.WriteBytes(further);
        record.SetMessage(UnfoldedSince(from));
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> line, int most)
    {
        if (line.Length <= most)
        {
            return line;
        }

        // Not within a character.
        while (most > 0 && (line[most] & 0xC0) == 0x80)
        {
            most--;
        }

        return line[..most];
    }

    private Match Match(ReadOnlySpan<byte> line) => Find(line).Match;

    private (Match Match, PatternGroups? Groups) Find(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        if (last.Match is null || text != last.Line)
        {
            last = (text, System.Text.RegularExpressions.Match.Empty, null);
            var most = isByClock ? groups.Length : Math.Min(groups.Length, pattern.Certain + 1);
            for (var i = 0; i < most; i++)
            {
                if (groups[i].Regex.Match(text) is { Success: true } match)
                {
                    last = (text, match, groups[i]);
                    isByClock = i < pattern.Certain ? IsClock(match.Groups["time"].ValueSpan) : isByClock;
                    break;
                }
            }
        }

        return (last.Match!, last.Groups);
    }

    private static bool IsClock(ReadOnlySpan<char> time) => time.IndexOfAnyExceptInRange('0', '9') is (1 or 2) and var sign && time[sign] == ':';

    private static bool IsNumber(ReadOnlySpan<byte> value) => BareValue.TryReadInteger(value, out _) || BareValue.TryReadDouble(value, out _);
}
