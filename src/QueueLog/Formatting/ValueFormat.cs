using System.Globalization;

namespace QueueLog.Formatting;

/// <summary>A .NET format and the kinds of value it can be applied to, found out once so that no record can make it throw.</summary>
internal sealed class ValueFormat(string format)
{
    // A format from elsewhere.
    private const int LongestSafe = 32;
    private const int MostDigits = 2;

    private readonly bool takesInteger = AcceptsInteger(format);
    private readonly bool takesDouble = AcceptsDouble(format);
    private readonly bool takesTimestamp = AcceptsTimestamp(format);

    public string? ForInteger => takesInteger ? format : null;

    public string? ForDouble => takesDouble ? format : null;

    public string? ForTimestamp => takesTimestamp ? format : null;

    public static bool AcceptsInteger(string format) => Accepts(0L, format);

    public static bool AcceptsDouble(string format) => Accepts(0d, format);

    public static bool AcceptsTimestamp(string format) => Accepts(DateTimeOffset.UnixEpoch, format);

    public static bool AcceptsUtcTimestamp(string format) => Accepts(DateTime.UnixEpoch, format);

    /// <summary>Whether the text it makes is short: N999999999 is a number with a billion digits.</summary>
    public static bool IsSafe(string? format)
    {
        var digits = 0;
        foreach (var c in format ?? "")
        {
            digits = char.IsAsciiDigit(c) && c != '0' || (digits > 0 && c == '0') ? digits + 1 : 0;
            if (digits > MostDigits)
            {
                return false;
            }
        }

        return format is null || format.Length <= LongestSafe;
    }

    private static bool Accepts<T>(T sample, string format)
        where T : IFormattable
    {
        try
        {
            sample.ToString(format, CultureInfo.InvariantCulture);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
