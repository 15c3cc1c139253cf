using System.Globalization;
using System.Text.RegularExpressions;

namespace QueueLog.Sinks.RollingFile;

/// <summary>Finds when the last record of a file was written, by its content: the date of the file may have been changed since.</summary>
internal static partial class LastEntry
{
    private const int Tail = 64 * 1024;
    private const int LongestStart = 256;

    /// <summary>The time of the last line that begins with one, in UTC; null where none near the end does.</summary>
    /// <param name="file">The file.</param>
    /// <param name="zone">That of times which name no other.</param>
    public static DateTime? TimeOf(LogFile file, TimeZoneInfo zone)
    {
        var bytes = new byte[Math.Min(file.Length, Tail)];
        var rest = bytes.AsSpan(0, file.Read(bytes, file.Length - bytes.Length)).TrimEnd((byte)'\n');
        while (!rest.IsEmpty)
        {
            var start = rest.LastIndexOf((byte)'\n') + 1;
            var line = rest[start..];

            // Further lines of an entry begin with blanks; and what is cut at its beginning is no line.
            if (line is not [(byte)' ', (byte)' ', ..] && (start > 0 || bytes.Length == file.Length) && TimeIn(line[..Math.Min(line.Length, LongestStart)], zone) is { } time)
            {
                return time;
            }

            rest = rest[..Math.Max(0, start - 1)];
        }

        return null;
    }

    private static DateTime? TimeIn(ReadOnlySpan<byte> line, TimeZoneInfo zone)
    {
        var match = Time().Match(System.Text.Encoding.UTF8.GetString(line));
        var text = $"{match.Groups["date"].Value}T{match.Groups["time"].Value}";
        if (!match.Success || !DateTime.TryParseExact(text, "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return null;
        }

        var offset = match.Groups["offset"].Value;
        return offset switch
        {
            "Z" => DateTime.SpecifyKind(time, DateTimeKind.Utc),
            "" => zone.IsInvalidTime(time) ? null : TimeZoneInfo.ConvertTimeToUtc(time, zone),
            _ => TimeSpan.TryParse(offset[1..], CultureInfo.InvariantCulture, out var difference) ? DateTime.SpecifyKind(time, DateTimeKind.Utc) - (offset[0] == '-' ? -difference : difference) : null,
        };
    }

    [GeneratedRegex(@"(?<date>\d{4}-\d\d-\d\d)[T ](?<time>\d\d:\d\d:\d\d)([.,]\d{1,9})? ?(?<offset>Z|[+-]\d\d:\d\d)?", RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}
