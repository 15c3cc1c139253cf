using System.Reflection;

namespace QueueLog.Client;

/// <summary>What every record of this process says of its writer, unless the record itself says otherwise.</summary>
internal static class ProcessContext
{
    private static volatile ItemContext item = ItemContext.None;

    /// <summary>Raised when the process is about to end by its own decision: clients send what they hold, within a second.</summary>
    public static event Action? Ending;

    /// <summary>Name of the program that this process runs.</summary>
    public static string Program { get; } = ProgramName();

    /// <summary>Who this process is in the log; set before its first record.</summary>
    public static ProcessIdentity Identity { get; set; } = new(DefaultName(), null);

    /// <summary>The item under way. Default: none.</summary>
    public static ItemContext Item
    {
        get => item;
        set => item = value;
    }

    /// <summary>
    /// Tells the number of the thread of work that the calling thread is in, 0 for the process's own: records of others say it. Null, and
    /// free, where a process knows no others.
    /// </summary>
    public static Func<int>? Thread { get; set; }

    /// <summary>Gets a look at the start of every record a client has handed over; null, and free, outside of pool workers.</summary>
    public static RecordWatcher? HandedOver { get; set; }

    /// <summary>
    /// Whether this process is killed when its work is done, as the one behind Start-Job is: a record must then have left it
    /// before its writer goes on.
    /// </summary>
    public static bool EndsUnasked { get; set; }

    /// <summary>Calls this process by a name, if none was chosen and no listener knows it yet: later every record has to say it.</summary>
    /// <returns>Whether the process is called so.</returns>
    public static bool TryName(string name)
    {
        if (!ClientRegistry.HasClients && Identity.Worker is null && Identity.Name == DefaultName())
        {
            Identity = Identity with { Name = name };
        }

        return Identity.Name == name;
    }

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

/// <summary>Who a process is in the log.</summary>
/// <param name="Name"><c>QUEUELOG_PROCESS</c>, or the name of its program; in a pool worker the worker's.</param>
/// <param name="Worker">Name of the pool worker, or null outside a pool.</param>
internal sealed record ProcessIdentity(string Name, string? Worker);

/// <summary>An item of a pool, as records tell it.</summary>
/// <param name="Index">0-based, or -1 for none.</param>
/// <param name="Attempt">1-based number of the attempt.</param>
internal sealed record ItemContext(long Index, int Attempt)
{
    public static readonly ItemContext None = new(-1, 1);
}

/// <summary>Looks at an encoded record, length prefix included, on the thread that wrote it; the bytes are gone afterwards.</summary>
internal delegate void RecordWatcher(ReadOnlySpan<byte> record);
