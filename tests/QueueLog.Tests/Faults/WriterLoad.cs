using System.Globalization;

namespace QueueLog.Tests.Faults;

/// <summary>How a writer writes.</summary>
/// <param name="Threads">How many threads at a time.</param>
/// <param name="Burst">Records of each without a pause.</param>
/// <param name="Pause">Milliseconds between two bursts.</param>
/// <param name="LargeEvery">Which of a thread's records is too long for the ring.</param>
internal sealed record WriterLoad(int Threads, int Burst, int Pause, int LargeEvery)
{
    /// <summary>A listener has always something to do.</summary>
    public static WriterLoad Steady { get; } = new(1, 20, 1, 401);

    /// <summary>The listener sleeps between two records.</summary>
    public static WriterLoad Quiet { get; } = new(1, 1, 20, 401);

    public string[] Arguments => [.. new[] { Threads, Burst, Pause, LargeEvery }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
}
