using System.Globalization;

namespace QueueLog.Wire;

/// <summary>The text of a value in a log: the same on every machine, and never an exception.</summary>
internal static class PropertyText
{
    public static string Of(object? value, string? format = null)
    {
        try
        {
            return value switch
            {
                null => "",
                string text => text,
                bool truth => truth ? "true" : "false",
                DateTime moment when format is null => moment.ToString("O", CultureInfo.InvariantCulture),
                DateTimeOffset moment when format is null => moment.ToString("O", CultureInfo.InvariantCulture),
                IFormattable formattable => formattable.ToString(format, CultureInfo.InvariantCulture),
                _ => value.ToString() ?? "",
            };
        }
#pragma warning disable CA1031 // any exception: the value's own code runs here, and logging never takes its caller down
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"({value!.GetType().Name} has no text: {e.GetType().Name})";
        }
    }
}
