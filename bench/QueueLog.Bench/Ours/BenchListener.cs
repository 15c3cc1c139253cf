namespace QueueLog.Bench.Ours;

/// <summary>The listener of one measured run, in this process.</summary>
internal sealed class BenchListener(string path) : IDisposable
{
    /// <summary>Null once the listener this starts is part of the core.</summary>
    public static string? Missing => "the listener is not built yet";

    /// <summary>What the writers find in QUEUELOG_PIPE.</summary>
    public string Address => throw new NotSupportedException($"{Missing}: {path}");

    /// <summary>Returns when the file is complete.</summary>
    public void Stop() => throw new NotSupportedException(Missing);

    public void Dispose()
    {
    }
}
