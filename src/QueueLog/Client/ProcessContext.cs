using System.Reflection;

namespace QueueLog.Client;

/// <summary>What every record of this process says of its writer, unless the record itself says otherwise.</summary>
internal static class ProcessContext
{
    private static long item = -1;

    /// <summary>Raised when the process is about to end by its own decision: clients send what they hold, within a second.</summary>
    public static event Action? Ending;

    /// <summary>Name of the program that this process runs.</summary>
    public static string Program { get; } = ProgramName();

    /// <summary>Name of this process in the log: <c>QUEUELOG_PROCESS</c>, or the name of its program; in a pool worker the worker's.</summary>
    public static string Name { get; set; } = DefaultName();

    /// <summary>Name of the pool worker, or null outside a pool.</summary>
    public static string? Worker { get; set; }

    /// <summary>0-based index of the item under way, or -1.</summary>
    public static long Item
    {
        get => Interlocked.Read(ref item);
        set => Interlocked.Exchange(ref item, value);
    }

    /// <summary>1-based number of the attempt at the item under way; set before the item. Default: 1.</summary>
    public static int Attempt { get; set; } = 1;

    /// <summary>Gets a look at the start of every record a client has handed over; null, and free, outside of pool workers.</summary>
    public static RecordWatcher? HandedOver { get; set; }

    /// <summary>
    /// Whether this process is killed when its work is done, as the one behind Start-Job is: a record must then have left it
    /// before its writer goes on.
    /// </summary>
    public static bool EndsUnasked { get; set; }

    public static void RaiseEnding() => Ending?.Invoke();

    private static string DefaultName()
    {
        var chosen = Environment.GetEnvironmentVariable("QUEUELOG_PROCESS");
        return string.IsNullOrWhiteSpace(chosen) ? Program : chosen;
    }

    private static string ProgramName()
    {
        // Only Windows has an extension there: elsewhere what stands behind a dot is part of the name. And dotnet runs any number
        // of programs, PowerShell as a .NET tool among them; which one this is its assembly says.
        var path = Environment.ProcessPath;
        var executable = (OperatingSystem.IsWindows() ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path)) ?? "process";
        return executable == "dotnet" ? Assembly.GetEntryAssembly()?.GetName().Name ?? executable : executable;
    }
}

/// <summary>Looks at an encoded record, length prefix included, on the thread that wrote it; the bytes are gone afterwards.</summary>
internal delegate void RecordWatcher(ReadOnlySpan<byte> record);
