using System.Globalization;

namespace QueueLog.Formatting;

/// <summary>A .NET format and the kinds of value it can be applied to, found out once so that no record can make it throw.</summary>
internal sealed class ValueFormat(string format)
{
    private readonly bool takesInteger = TakesInteger(format);
    private readonly bool takesDouble = TakesDouble(format);
    private readonly bool takesTimestamp = TakesTimestamp(format);

    public string? ForInteger => takesInteger ? format : null;

    public string? ForDouble => takesDouble ? format : null;

    public string? ForTimestamp => takesTimestamp ? format : null;

    public static bool TakesInteger(string format) => Takes(0L, format);

    public static bool TakesDouble(string format) => Takes(0d, format);

    public static bool TakesTimestamp(string format) => Takes(DateTimeOffset.UnixEpoch, format);

    public static bool TakesUtcTimestamp(string format) => Takes(DateTime.UnixEpoch, format);

    private static bool Takes<T>(T sample, string format)
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
