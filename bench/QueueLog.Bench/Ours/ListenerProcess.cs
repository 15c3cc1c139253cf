using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using QueueLog.Bench.Processes;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Bench.Ours;

/// <summary>A listener in a process of its own: this program as <c>listener PATH MAXFILESIZE MAXFILES</c>.</summary>
internal sealed class ListenerProcess : IDisposable
{
    public const string Verb = "listener";

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    public ListenerProcess(string path, long? maxFileSize = null, int maxFiles = 5)
    {
        var start = SelfProcess.Start(
            Verb, path, maxFileSize?.ToString(CultureInfo.InvariantCulture) ?? "", maxFiles.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        Process = Process.Start(start)!;
        Address = NextLine();
    }

    public Process Process { get; }

    /// <summary>What the writers find in QUEUELOG_PIPE.</summary>
    public string Address { get; }

    /// <summary>Returns when the files are complete.</summary>
    public ListenerAccount Stop()
    {
        Process.StandardInput.Close();
        var account = JsonSerializer.Deserialize<ListenerAccount>(NextLine())!;
        Process.WaitForExit(Timeout);
        return account;
    }

    public void Dispose()
    {
        if (!Process.HasExited)
        {
            Process.Kill();
        }

        Process.Dispose();
    }

    /// <summary>The child: says where it listens, and stops at the end of its input, so that it cannot outlive its parent.</summary>
    public static int Run(ReadOnlySpan<string> arguments)
    {
        using var listener = new BenchListener(new RollingFileOptions
        {
            Path = arguments[0],
            MaxFileSize = arguments[1].Length == 0 ? null : long.Parse(arguments[1], CultureInfo.InvariantCulture),
            MaxFiles = int.Parse(arguments[2], CultureInfo.InvariantCulture),
        });
        Console.WriteLine(listener.Address);
        Console.In.ReadToEnd();
        listener.Stop();
        Console.WriteLine(JsonSerializer.Serialize(listener.Account));
        return 0;
    }

    private string NextLine()
    {
        using var deadline = new CancellationTokenSource(Timeout);
        return Process.StandardOutput.ReadLineAsync(deadline.Token).AsTask().GetAwaiter().GetResult()
            ?? throw new InvalidOperationException("The listener's process ended by itself.");
    }
}
