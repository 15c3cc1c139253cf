namespace QueueLog.Bench;

/// <summary>Reads the values of the command line.</summary>
internal static class Argument
{
    /// <exception cref="ArgumentException">It is none.</exception>
    public static int Positive(string value) =>
        NotNegative(value) is > 0 and var number ? number : throw new ArgumentException($"'{value}' is no positive number.");

    /// <exception cref="ArgumentException">It is no number, or below zero.</exception>
    public static int NotNegative(string value) =>
        int.TryParse(value, out var number) && number >= 0
            ? number
            : throw new ArgumentException($"'{value}' is no number from 0 up.");
}
