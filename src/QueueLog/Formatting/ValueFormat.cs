using System.Globalization;

namespace QueueLog.Formatting;

/// <summary>A .NET format and the kinds of value it can be applied to, found out once so that no record can make it throw.</summary>
internal sealed class ValueFormat(string format)
{
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
