using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener;

/// <summary>Many connections at once. These tests look at the whole process.</summary>
[Collection(nameof(AloneCollection))]
public sealed class CrowdTests : IDisposable
{
    private static readonly string[] Log = ["run.log"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory, UnsupportedOSPlatform("windows")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_thousand_idle_connections_cost_little_and_disturb_no_one(bool greet)
    {
        const int Count = 1000;
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The clients are bare sockets, of Unix.");
        Assert.SkipUnless(FileLimit.Soft > 2 * Count + 500, "This account may not open so many files.");
        var listener = await TestListener.StartAsync(folder.Combine(Log));
        var healthy = await HealthyWriter.ConnectAsync(listener);
        await healthy.WriteAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var sockets = new List<Socket>();
        try
        {
            var hello = Encoded.Hello();
            var answer = new byte[4096];
            for (var i = 0; i < Count; i++)
            {
                var socket = Connect(listener.Address);
                sockets.Add(socket);
                if (greet)
                {
                    socket.Send(hello);
                    Assert.True(await socket.ReceiveAsync(answer).WaitAsync(TestTimeout.Limit) > 0);
                }
            }

            await healthy.WriteAsync();
            Assert.Equal((greet ? Count : 0) + 1, listener.Clients.Count);
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 30L * 1024 * 1024);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        Assert.Empty(listener.Failures);
    }

    [Fact, UnsupportedOSPlatform("windows")]
    public async Task Without_file_descriptors_a_listener_waits_for_some_and_goes_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "How many files a process may have open is a limit of Unix.");
        var listener = await TestListener.StartAsync(folder.Combine(Log));
        var healthy = await HealthyWriter.ConnectAsync(listener);
        await healthy.WriteAsync();
        // Made while there are descriptors, so that connecting them takes one at the listener's side only.
        var waiting = Enumerable.Range(0, 5).Select(_ => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)).ToList();
        var taken = new List<SafeFileHandle>();
        var limit = FileLimit.Soft;
        try
        {
            // What earlier tests left to the collector must not be given back just now.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            FileLimit.Soft = (ulong)Directory.GetFiles(OperatingSystem.IsLinux() ? "/proc/self/fd" : "/dev/fd").Length + 30;
            TakeAll(taken);

            // Now there are none. The connections wait in the system's queue, and the listener cannot take them.
            waiting.ForEach(socket => socket.Connect(new UnixDomainSocketEndPoint(listener.Address)));
            await healthy.WriteAsync();
            await Eventually.TrueAsync(() => listener.Failures.Count > 0, "it is reported that no connection can be accepted");
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
            taken.ForEach(handle => handle.Dispose());
            FileLimit.Soft = limit;
        }

        await using (await RawClient.GreetAsync(listener.Address))
        {
        }

        Assert.Empty(await healthy.StopAndCheckAsync(listener, Log, folder));
        Assert.Equal("acceptor", Assert.Single(listener.Failures).Source);
    }

    /// <summary>Opens files until the system has no descriptor left for this process.</summary>
    private static void TakeAll(List<SafeFileHandle> taken)
    {
        try
        {
            while (true)
            {
                taken.Add(File.OpenHandle("/dev/null"));
            }
        }
        catch (IOException)
        {
        }
    }

    private static Socket Connect(string address)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(address));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>How many files this process may have open.</summary>
    [UnsupportedOSPlatform("windows")]
    private static class FileLimit
    {
        private static readonly int Resource = OperatingSystem.IsMacOS() ? 8 : 7;

        public static ulong Soft
        {
            get => Get()[0];
            set => Assert.Equal(0, setrlimit(Resource, [value, Get()[1]]));
        }

        private static ulong[] Get()
        {
            var limits = new ulong[2];
            Assert.Equal(0, getrlimit(Resource, limits));
            return limits;
        }

#pragma warning disable IDE1006, SYSLIB1054 // the C library's own names; the generator of SYSLIB1054 needs unsafe code for no gain
        [DllImport("libc")]
        private static extern int getrlimit(int resource, [Out] ulong[] limits);

        [DllImport("libc")]
        private static extern int setrlimit(int resource, ulong[] limits);
#pragma warning restore IDE1006, SYSLIB1054
    }
}
