using System.Diagnostics;
using System.Runtime.Versioning;
using QueueLog.Client;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Listener;

/// <summary>No one else gets in: what another user of the machine tries.</summary>
[SupportedOSPlatform("linux")]
public sealed class OtherUserTests : IDisposable
{
    private const string SystemPython = "/usr/bin/python3";

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

        await using var own = await PipeConnector.ConnectAsync(acceptor.Address, TestTimeout.Limit, CancellationToken.None);
        await using var accepted = await accepting.WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public async Task A_script_of_another_user_is_told_whose_the_listener_is()
    {
        await SkipUnlessCloneIsReadableAsync();
        await using var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        var result = await OtherUser.RunAsync(user, PwshProcess.Program, [.. PwshProcess.Options, "-c", $$"""
            $env:NO_COLOR = '1'
            Import-Module '{{Path.Combine(Repository.Root, "QueueLog.psd1")}}'
            Write-QueueLog one -Listener '{{listener.Address}}' -ErrorAction SilentlyContinue -ErrorVariable problem 6> $null
            $problem.FullyQualifiedErrorId
            "$problem"
            $env:QUEUELOG_PIPE = '{{listener.Address}}'
            (Write-QueueLog two 3>&1 6> $null).Message
            (Get-QueueLogger).Info('three')
            """]);
        var told = $"The listener at '{listener.Address}' belongs to user 'root', and only processes of that user may connect to it; this one runs as user {user}.";
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("ListenerOfAnotherUser,QueueLog.PowerShell.Commands.WriteQueueLogCommand", result.Lines[0]);
        Assert.Equal($"{told} The record was shown instead. Start a listener of your own with Start-LogListener.", result.Lines[1]);
        Assert.Equal($"{told} Records are shown here and not kept. Start a listener of your own with Start-LogListener.", result.Lines[2]);
        Assert.EndsWith("three", result.Lines[3], StringComparison.Ordinal);
        Assert.Empty(listener.Clients);
        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task A_program_in_Python_of_another_user_is_told_whose_the_listener_is()
    {
        OtherUser.SkipUnlessPossible();
        Assert.SkipUnless(File.Exists(SystemPython), "Other users need a python3 of the system's.");
        await using var listener = await TestListener.StartAsync(folder.Combine("run.log"));
        var client = Path.Combine(PythonProgram.Client, "queuelog.py");
        Assert.SkipUnless((await OtherUser.RunAsync(user, "test", "-r", client)).ExitCode == 0, "Other users may not read this clone.");
        var result = await OtherUser.RunAsync(user, SystemPython, "-B", "-c", $"""
            import logging, sys
            sys.path.insert(0, '{PythonProgram.Client}')
            import queuelog
            logging.getLogger().addHandler(queuelog.QueueLogHandler('{listener.Address}', timeout=0.1))
            logging.warning('shown')
            """);
        Assert.Contains($"the listener at {listener.Address} belongs to user 'root', whose processes alone may connect", result.Error);
        Assert.Contains("shown", result.Error);
    }

    [Fact]
    public async Task Root_that_reaches_another_users_listener_is_told_whose_it_is_and_hands_nothing_over()
    {
        OtherUser.SkipUnlessPossible();
        Assert.SkipUnless(File.Exists("/usr/bin/perl"), "The other user listens by perl.");
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
        var address = folder.Combine("theirs.sock");
        var start = new ProcessStartInfo("setpriv", ["--reuid", $"{OtherUser.Nobody}", "--clear-groups", "perl", "-MIO::Socket::UNIX", "-e", "$| = 1; my $s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 5) or die; print qq(on\n); <STDIN>", address])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var theirs = Process.Start(start)!;
        Assert.Equal("on", await theirs.StandardOutput.ReadLineAsync().WaitAsync(TestTimeout.Limit));
        var refusal = await Assert.ThrowsAsync<ForeignPipeException>(() => PipeConnector.ConnectAsync(address, TestTimeout.Limit, CancellationToken.None));
        Assert.Equal("user 'nobody'", refusal.Owner);
        Assert.Throws<ForeignPipeException>(() => PipeConnector.Connect(address, TestTimeout.Limit));
        Assert.Null(ClientRegistry.Get(address));
        Assert.Equal(refusal.Message, ClientRegistry.RefusalOf(address));
        Assert.True(PipeConnector.IsAnswering(address));
        theirs.StandardInput.Close();
        await theirs.WaitForExitAsync().WaitAsync(TestTimeout.Limit);
    }

    [Fact]
    public void A_listener_that_is_gone_is_no_matter_of_users()
    {
        var address = folder.Combine("gone.sock");
        Assert.Null(ClientRegistry.Get(address));
        Assert.Null(ClientRegistry.RefusalOf(address));
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
        await SkipUnlessCloneIsReadableAsync();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
        var module = Path.Combine(Repository.Root, "QueueLog.psd1");
        var script = $"$ErrorActionPreference = 'Stop'; Import-Module '{module}'; Start-LogListener '{folder.Combine("run.log")}'; Write-QueueLog hello -Wait; 'started'; Stop-LogListener";
        return await OtherUser.RunAsync(user, PwshProcess.Program, [.. PwshProcess.Options, "-c", script]);
    }

    private async Task SkipUnlessCloneIsReadableAsync()
    {
        OtherUser.SkipUnlessPossible();
        Assert.SkipUnless((await OtherUser.RunAsync(user, "test", "-x", PwshProcess.Program)).ExitCode == 0, "Other users may not read this clone.");
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
