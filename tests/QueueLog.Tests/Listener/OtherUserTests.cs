using System.Runtime.Versioning;
using QueueLog.Client;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Listener;

/// <summary>No one else gets in: what another user of the machine tries.</summary>
[SupportedOSPlatform("linux")]
public sealed class OtherUserTests : IDisposable
{
    // Users that own nothing here but what a test makes.
    private static int lastUser = 64_200 + Environment.ProcessId % 1000;

    private readonly TempFolder folder = new();
    private readonly int user = Interlocked.Increment(ref lastUser);

    private string StateOf => $"/tmp/queuelog-{user}";

    private string MemoryOf => $"/dev/shm/queuelog-{user}";

    public void Dispose()
    {
        folder.Dispose();
        foreach (var planted in new[] { StateOf, MemoryOf })
        {
            if (File.Exists(planted) || new FileInfo(planted).LinkTarget is not null)
            {
                File.Delete(planted);
            }
            else if (Directory.Exists(planted))
            {
                Directory.Delete(planted, recursive: true);
            }
        }
    }

    [Fact]
    public async Task Another_user_can_neither_list_nor_read_nor_write_where_journals_and_sockets_are()
    {
        OtherUser.SkipUnlessPossible();
        await using var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), CancellationToken.None);
        var journal = client.Listener.Journal!.Folder;
        var ring = Directory.EnumerateFiles(journal, "*.ring").First();
        foreach (var line in new[]
        {
            $"ls '{journal}'", $"ls '{StateFolder.Default}'", $"cat '{ring}'", $"cat '{journal}/address'", $"stat '{listener.Address}'", $"touch '{journal}/x.ring'", $"touch '{StateFolder.Default}/x'", $": > '{ring}'",
        })
        {
            var result = await OtherUser.RunAsync(OtherUser.Nobody, "sh", "-c", line);
            Assert.True(result.ExitCode != 0 && result.Output.Length == 0, $"{line}: {result.Output}");
            Assert.Contains("denied", result.Error, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Another_user_cannot_connect()
    {
        OtherUser.SkipUnlessPossible();
        Assert.SkipUnless(File.Exists("/usr/bin/perl"), "The other user connects by perl.");
        await using var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        var result = await ConnectAsync(listener.Address);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("denied", result.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(listener.Clients);
    }

    [Fact]
    public async Task Another_user_who_could_reach_a_socket_is_turned_away_and_the_next_client_is_served()
    {
        OtherUser.SkipUnlessPossible();
        Assert.SkipUnless(File.Exists("/usr/bin/perl"), "The other user connects by perl.");
        const UnixFileMode Everyone = (UnixFileMode)0b111_111_111;
        File.SetUnixFileMode(folder.Path, Everyone);
        await using var acceptor = PipeAcceptor.Open(folder.Combine("open.sock"));
        File.SetUnixFileMode(acceptor.Address, Everyone);
        var accepting = acceptor.AcceptAsync(CancellationToken.None).AsTask();
        var result = await ConnectAsync(acceptor.Address);
        Assert.Equal("connected, ended", result.Output);
        Assert.False(accepting.IsCompleted);

        await using var own = await PipeConnector.ConnectAsync(acceptor.Address, Patience.Limit, CancellationToken.None);
        await using var accepted = await accepting.WaitAsync(Patience.Limit);
    }

    [Theory]
    [InlineData("mkdir {0}")]
    [InlineData("mkdir -m 777 {0}")]
    [InlineData("ln -s {1} {0}")]
    [InlineData("touch {0}")]
    public async Task What_another_user_plants_in_the_place_of_the_state_folder_is_not_used(string plant)
    {
        OtherUser.SkipUnlessPossible();
        var bait = await MakeBaitAsync();
        await OtherUser.ShellAsync(OtherUser.Nobody, string.Format(plant, StateOf, bait));
        var result = await StartAsVictimAsync();
        Assert.DoesNotContain("started", result.Output);
        Assert.Contains(StateOf, result.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bait));
        Assert.True(!Directory.Exists(StateOf) || !Directory.EnumerateFileSystemEntries(StateOf).Any());
    }

    [Theory]
    [InlineData("mkdir {0}")]
    [InlineData("mkdir -m 777 {0}")]
    [InlineData("ln -s {1} {0}")]
    [InlineData("touch {0}")]
    public async Task What_another_user_plants_in_the_place_of_the_journals_is_not_used_and_the_state_folder_serves(string plant)
    {
        OtherUser.SkipUnlessPossible();
        var bait = await MakeBaitAsync();
        await OtherUser.ShellAsync(OtherUser.Nobody, string.Format(plant, MemoryOf, bait));
        var result = await StartAsVictimAsync();
        Assert.True(result.Output.StartsWith("started", StringComparison.Ordinal), result.Error + result.Output);
        Assert.True(Directory.Exists(Path.Combine(StateOf, "journal")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(bait));
        Assert.True(!Directory.Exists(MemoryOf) || !Directory.EnumerateFileSystemEntries(MemoryOf).Any());
    }

    [Fact]
    public async Task Without_a_plant_the_victim_of_these_tests_uses_shared_memory()
    {
        OtherUser.SkipUnlessPossible();
        var result = await StartAsVictimAsync();
        Assert.True(result.Output.StartsWith("started", StringComparison.Ordinal), result.Error + result.Output);
        Assert.True(Directory.Exists(Path.Combine(MemoryOf, "journal")) || Directory.Exists(Path.Combine(StateOf, "journal")));
    }

    // A log in a folder of the victim's, started in a process of the victim's.
    private async Task<PwshResult> StartAsVictimAsync()
    {
        Assert.SkipUnless((await OtherUser.RunAsync(user, "test", "-x", PwshProcess.Program)).ExitCode == 0, "Other users may not read this clone.");
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
        var module = Path.Combine(Repository.Root, "QueueLog.psd1");
        var script = $"$ErrorActionPreference = 'Stop'; Import-Module '{module}'; $null = Start-LogListener '{folder.Combine("run.log")}'; Write-QueueLog hello -Wait; 'started'; Stop-LogListener";
        return await OtherUser.RunAsync(user, PwshProcess.Program, [.. PwshProcess.Options, "-c", script]);
    }

    private async Task<string> MakeBaitAsync()
    {
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
        var bait = folder.Combine("bait");
        await OtherUser.ShellAsync(OtherUser.Nobody, $"mkdir -m 777 '{bait}'");
        return bait;
    }

    private static Task<PwshResult> ConnectAsync(string address) => OtherUser.RunAsync(
        OtherUser.Nobody,
        "perl",
        "-MIO::Socket::UNIX",
        "-e",
        "my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die \"$!\\n\"; print 'connected, '; print sysread($s, my $b, 1) ? 'answered' : 'ended'",
        address);
}
