using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using QueueLog.Nats;
using QueueLog.Queue;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue;

/// <summary>A real nats-server on loopback, with files of its own; ended with the test, however that ends.</summary>
internal sealed class NatsServer : IDisposable
{
    private const string Name = "nats-server";
    private readonly TempFolder folder = new();
    private readonly QueueServerFolder files;
    private Process? process;

    private NatsServer(bool usesTls, string[] accounts, Func<string, string>? reconfigure, NatsServer? former)
    {
        Assert.SkipUnless(Path is not null, "nats-server is not installed.");
        Port = FreePort();
        var settings = new QueueServerSettings { Folder = folder.Combine("server"), HostName = "127.0.0.1", Port = Port, UsesTls = usesTls, Accounts = accounts };
        if (former is not null)
        {
            Directory.CreateDirectory(settings.Folder);
            foreach (var file in new[] { "authority.crt", "authority.key", System.IO.Path.GetFileName(former.LinkPath) })
            {
                File.Copy(former.folder.Combine("server", file), folder.Combine("server", file));
            }
        }

        files = QueueServerFolder.Write(settings, new NatsQueueFactory(), DateTimeOffset.UtcNow);
        if (reconfigure is not null)
        {
            Reconfigure(reconfigure);
        }
    }

    /// <summary>Where the program is; null where it is not installed.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator).Append("/usr/sbin")
        .Select(directory => System.IO.Path.Combine(directory, OperatingSystem.IsWindows() ? $"{Name}.exe" : Name))
        .FirstOrDefault(File.Exists);

    public int Port { get; }

    /// <summary>The link of the only account.</summary>
    public QueueLink Link => QueueLink.Read(LinkPath);

    public string LinkPath => files.Links[0];

    /// <summary>Starts a server.</summary>
    /// <param name="usesTls">Whether connections are encrypted.</param>
    /// <param name="accounts">Names of accounts; none for one.</param>
    /// <param name="reconfigure">Changes its configuration.</param>
    /// <param name="former">Whose authority and key it is to have; null for those of its own.</param>
    public static async Task<NatsServer> StartAsync(bool usesTls = false, string[]? accounts = null, Func<string, string>? reconfigure = null, NatsServer? former = null)
    {
        var server = new NatsServer(usesTls, accounts ?? [], reconfigure, former);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    public QueueLink LinkOf(int account) => QueueLink.Read(files.Links[account]);

    /// <summary>Changes its configuration; a start takes it up.</summary>
    public void Reconfigure(Func<string, string> change) => File.WriteAllText(files.Configuration, change(File.ReadAllText(files.Configuration)));

    /// <summary>Starts it again, on the same port and with the same files.</summary>
    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo(Path!, ["-c", files.Configuration, "-l", folder.Combine("server.log")]))!;
        await Eventually.TrueAsync(() => process.HasExited || Answers(), "the server takes connections");
        Assert.False(process.HasExited, $"The server has ended: {folder.Read("server.log")}");
    }

    public void Kill()
    {
        process!.Kill();
        AwaitEnd();
    }

    /// <summary>Asks it to end, as a supervisor does.</summary>
    public void Stop()
    {
        Signal(15);
        AwaitEnd();
    }

    private void AwaitEnd()
    {
        Assert.True(process!.WaitForExit(TestTimeout.Limit));
        process.Dispose();
        process = null;
    }

    /// <summary>Stops it where it stands; it keeps its connections.</summary>
    public void Freeze()
    {
        Signal(OperatingSystem.IsMacOS() ? 17 : 19);

        // The signal stops its threads one by one, and any of them may still answer.
        Assert.True(SpinWait.SpinUntil(IsFrozen, TestTimeout.Limit));
    }

    public void Thaw() => Signal(OperatingSystem.IsMacOS() ? 19 : 18);

    /// <summary>Connects to it.</summary>
    public async Task<IQueueEngine> ConnectAsync(QueueEngineOptions? options = null, QueueLink? link = null) =>
        await new NatsQueueFactory().ConnectAsync(link ?? Link, options ?? new QueueEngineOptions(), TestContext.Current.CancellationToken).WaitAsync(TestTimeout.Limit);

    private bool IsFrozen() => !OperatingSystem.IsLinux() || Directory.GetDirectories($"/proc/{process!.Id}/task").All(static thread =>
    {
        var status = File.ReadAllText($"{thread}/stat");
        return status[status.LastIndexOf(')') + 2] == 'T';
    });

    public void Dispose()
    {
        if (process is { } running)
        {
            running.Kill();
            running.WaitForExit(TestTimeout.Limit);
            running.Dispose();
        }

        folder.Dispose();
    }

    private void Signal(int signal) => Assert.Equal(0, kill(process!.Id, signal));

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // Not one that the system gives to whoever connects: somebody would have it before the server does, or while that is away.
    public static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, Random.Shared.Next(10_000, 30_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own name; the generator of SYSLIB1054 gains nothing here
    [DllImport("libc")]
    private static extern int kill(int process, int signal);
#pragma warning restore IDE1006, SYSLIB1054
}
