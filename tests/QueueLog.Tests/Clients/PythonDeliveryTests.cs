using System.Globalization;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Clients;

/// <summary>Programs in Python, their children, their ends and those of their listeners: whether every record arrives.</summary>
public sealed class PythonDeliveryTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly string name = TestListener.NewName();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Ten_thousand_records_arrive_in_order_when_the_program_just_ends()
    {
        var listener = await StartAsync();
        await PythonProgram.RunWellAsync(folder, listener.Address, Handler("for i in range(10000): log.info('%d', i)"));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => $"{i}"), Messages());
        Assert.Equal((10_000, 0), (listener.Written, listener.Lost));
    }

    [Fact]
    public async Task Threads_share_one_connection_and_each_is_in_order()
    {
        var listener = await StartAsync();
        await PythonProgram.RunWellAsync(folder, listener.Address, Handler("""
            import threading
            def work(name):
                for i in range(500): log.info('%s:%d', name, i)
            threads = [threading.Thread(target=work, args=(name,)) for name in 'abcd']
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            """));
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var messages = Messages();
        Assert.Equal(2000, messages.Length);
        foreach (var thread in "abcd")
        {
            Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{thread}:{i}"), messages.Where(message => message[0] == thread));
        }

        Assert.Single(listener.Clients);
    }

    [Theory]
    [InlineData("fork")]
    [InlineData("spawn")]
    public async Task The_processes_of_a_pool_all_log_into_the_same_file(string method)
    {
        Assert.SkipWhen(method == "fork" && OperatingSystem.IsWindows(), "There is no fork.");
        var listener = await StartAsync();
        var output = await PythonProgram.RunWellAsync(folder, listener.Address, $$"""
            import multiprocessing
            log = logging.getLogger('app'); log.setLevel(1); log.addHandler(queuelog.QueueLogHandler(timeout=60))
            def work(i):
                log.info('item %d', i)
                return os.getpid()
            if __name__ == '__main__':
                log.info('before')
                with multiprocessing.get_context('{{method}}').Pool(4) as pool:
                    pids = set(pool.map(work, range(200), 5))
                log.info('after')
                print(len(pids), os.getpid() in pids)
            """);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var lines = folder.ReadLines("run.log").Select(line => line.Split('|')).ToArray();
        Assert.Equal(["before", "after"], lines.Where(line => line[0] == "program").Select(line => line[1]));
        var items = lines.Where(line => line[0] != "program").ToArray();
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"item {i}").Order(), items.Select(line => line[1]).Order());
        Assert.All(items, line => Assert.Matches("^(Fork|Spawn)PoolWorker-[1-4]$", line[0]));
        var children = int.Parse(output[0].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.Equal($"{children} False", output[0]);
        Assert.Equal(children, items.Select(line => line[0]).Distinct().Count());
        Assert.Equal(children + 1, listener.Clients.Count);
        Assert.Empty(listener.Failures);
    }

    [Fact]
    public async Task A_fork_takes_neither_the_connection_nor_what_was_not_sent_nor_a_lock_with_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no fork.");
        using var program = PythonProgram.Start(folder, PipeAddress(), Handler("""
            import threading
            log.info('kept')
            stop = threading.Event()
            def busy():
                while not stop.is_set(): log.info('busy')
            threads = [threading.Thread(target=busy) for _ in range(2)]
            for thread in threads: thread.start()
            for i in range(20):
                child = os.fork()
                if child == 0:
                    log.info('child %d', i)
                    os._exit(0 if handler._kept else 1)
                if os.waitpid(child, 0)[1] != 0: print('a child kept nothing')
            stop.set()
            for thread in threads: thread.join()
            print('forked', flush=True)
            sys.stdin.readline()
            child = os.fork()
            if child == 0:
                log.info('grandchild')
                os._exit(0 if handler.flush() else 1)
            print(os.waitpid(child, 0)[1], flush=True)
            """));
        Assert.Equal("forked", await program.HearAsync());
        var listener = await StartAsync();
        await program.SendAsync();
        Assert.Equal("0", await program.HearAsync());
        await program.CompleteAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        var messages = Messages();
        Assert.DoesNotContain(messages, message => message.StartsWith("child", StringComparison.Ordinal));
        Assert.Single(messages, "grandchild");
        Assert.InRange(messages.Count(message => message == "kept"), 0, 1);
    }

    [Fact]
    public async Task What_a_program_has_logged_is_there_when_it_is_killed()
    {
        var listener = await StartAsync();
        using var program = PythonProgram.Start(folder, listener.Address, Handler("""
            for i in range(3000): log.info('%d', i)
            print('logged', flush=True)
            sys.stdin.readline()
            """));
        Assert.Equal("logged", await program.HearAsync());
        program.Kill();
        await program.CompleteAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"), Messages());
    }

    [Fact]
    public async Task A_listener_that_stops_and_its_successor_get_every_record_once()
    {
        var listener = await StartAsync();
        using var program = PythonProgram.Start(folder, listener.Address, Handler("""
            import threading
            stop = threading.Event()
            def work(name):
                i = 0
                while not stop.is_set():
                    log.info('%s:%d', name, i)
                    i += 1
                counts[name] = i
            counts = {}
            threads = [threading.Thread(target=work, args=(name,)) for name in 'ab']
            for thread in threads: thread.start()
            sys.stdin.readline()
            stop.set()
            for thread in threads: thread.join()
            print(counts['a'], counts['b'], flush=True)
            """, capacity: 1_000_000));
        for (var restart = 0; restart < 5; restart++)
        {
            var before = listener.Written;
            await Eventually.TrueAsync(() => listener.Written > before + 200, "the program logs");
            await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
            listener = await StartAsync();
        }

        await Eventually.TrueAsync(() => listener.Written > 200, "the program has found the last one");
        await program.SendAsync();
        var counts = (await program.HearAsync())!.Split(' ').Select(int.Parse).ToArray();
        var result = await program.CompleteAsync();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(0, result.ExitCode);
        var messages = Messages();
        Assert.Equal(Enumerable.Range(0, counts[0]).Select(i => $"a:{i}"), messages.Where(message => message[0] == 'a'));
        Assert.Equal(Enumerable.Range(0, counts[1]).Select(i => $"b:{i}"), messages.Where(message => message[0] == 'b'));
        Assert.Equal(counts.Sum(), messages.Length);
    }

    [Fact]
    public async Task A_listener_that_is_killed_costs_no_record()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        var script = $$"""
            Start-LogListener '{{folder.Combine("run.log")}}' -NoHeader -Name {{name}} -Template '{Process}|{Message}'
            'listening'
            [Console]::In.ReadLine()
            Stop-LogListener
            """;
        using var first = Script.Start(script);
        Assert.Equal("listening", await first.ReadLineAsync());
        using var program = PythonProgram.Start(folder, PipeAddress(), Handler("""
            for i in range(20000):
                log.info('%d', i)
                if i == 2000: print('begun', flush=True)
            print('ended', flush=True)
            sys.stdin.readline()
            """, capacity: 1_000_000));
        Assert.Equal("begun", await program.HearAsync());
        first.Signal("KILL");
        await first.CompleteAsync();
        using var second = Script.Start(script);
        Assert.Equal("listening", await second.ReadLineAsync());
        Assert.Equal("ended", await program.HearAsync());
        await program.SendAsync();
        Assert.Equal(0, (await program.CompleteAsync()).ExitCode);
        await second.Input.WriteLineAsync();
        Assert.Equal(0, (await second.CompleteAsync()).ExitCode);

        // What the first had written and not confirmed comes twice, and nothing else.
        var numbers = Messages().Where(message => int.TryParse(message, out _)).Select(int.Parse).ToList();
        Assert.Equal(Enumerable.Range(0, 20_000), numbers.Distinct());
        var breaks = Enumerable.Range(1, numbers.Count - 1).Where(i => numbers[i] != numbers[i - 1] + 1).ToArray();
        Assert.InRange(breaks.Length, 0, 1);
    }

    [Fact]
    public async Task Without_a_listener_the_newest_are_kept_and_the_log_says_how_many_are_not()
    {
        using var program = PythonProgram.Start(folder, PipeAddress(), Handler("""
            for i in range(500): log.info('%d', i)
            print('logged', handler.flush(), flush=True)
            sys.stdin.readline()
            """, capacity: 100));
        Assert.Equal("logged False", await program.HearAsync());

        // The program says nothing more: the handler finds the listener by itself.
        var listener = await StartAsync();
        await Eventually.TrueAsync(() => listener.Written == 101, "what was kept is written");
        await program.SendAsync();
        var result = await program.CompleteAsync();
        Assert.StartsWith("queuelog: no listener answers at ", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["400 records were left out while there was no listener", .. Enumerable.Range(400, 100).Select(i => $"{i}")], Messages());
    }

    [Fact]
    public async Task What_finds_no_listener_until_the_end_is_shown()
    {
        var result = await PythonProgram.RunAsync(folder, PipeAddress(), Handler("""
            log.warning('one %d', 1)
            log.info('two')
            """));
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("queuelog: no listener answers at ", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal("queuelog: 2 records found no listener, and before them 0 that were not kept:", result.ErrorLines[1]);
        Assert.EndsWith(" WARNING app one 1", result.ErrorLines[2], StringComparison.Ordinal);
        Assert.EndsWith(" INFO app two", result.ErrorLines[3], StringComparison.Ordinal);
        Assert.Equal(4, result.ErrorLines.Length);
    }

    [Fact]
    public async Task Where_no_listener_is_named_records_are_shown_at_once()
    {
        var result = await PythonProgram.RunAsync(folder, null, Handler("""
            log.warning('one %d', 1)
            log.info('two')
            print(handler.flush())
            """));
        Assert.Equal(["True"], result.Lines);
        Assert.Equal("queuelog: no listener: QUEUELOG_PIPE is not set; records are shown here and not kept", result.ErrorLines[0]);
        Assert.EndsWith(" WARNING app one 1", result.ErrorLines[1], StringComparison.Ordinal);
        Assert.EndsWith(" INFO app two", result.ErrorLines[2], StringComparison.Ordinal);
        Assert.Equal(3, result.ErrorLines.Length);
    }

    [Fact]
    public async Task A_child_of_multiprocessing_that_found_no_listener_does_not_keep_its_records_to_itself()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no fork.");
        var result = await PythonProgram.RunAsync(folder, PipeAddress(), Handler("""
            import multiprocessing
            child = multiprocessing.get_context('fork').Process(target=lambda: log.info('from the child'))
            child.start(); child.join()
            """));
        Assert.Single(result.ErrorLines, line => line.EndsWith(" INFO app from the child", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_of_a_program_does_not_wait_for_ever_for_a_listener_that_hangs()
    {
        var gate = new GateSink();
        var listener = TestListener.Start(folder.Combine("run.log"), options => options, gate);
        var output = await PythonProgram.RunWellAsync(folder, listener.Address, """
            handler = queuelog.QueueLogHandler(timeout=0.2)
            log = logging.getLogger('app'); log.setLevel(1); log.addHandler(handler)
            for i in range(10): log.info('%d', i)
            print(handler.flush())
            """);
        Assert.Equal(["False"], output);
        gate.Open();
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task Flush_says_when_everything_is_in_the_file_and_close_can_be_followed_by_more()
    {
        var listener = await StartAsync();
        using var program = PythonProgram.Start(folder, listener.Address, Handler("""
            log.info('one')
            print(handler.flush(), flush=True)
            sys.stdin.readline()
            handler.close()
            handler.close()
            log.info('two')
            logging.shutdown()
            log.info('three')
            print(handler.flush(), flush=True)
            """));
        Assert.Equal("True", await program.HearAsync());
        Assert.Equal(["one"], Messages());
        await program.SendAsync();
        Assert.Equal("True", await program.HearAsync());
        Assert.Equal(["one", "two", "three"], Messages());
        Assert.Equal("", (await program.CompleteAsync()).Error);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
    }

    private static string Handler(string text, int capacity = 10_000) => $"""
        handler = queuelog.QueueLogHandler(timeout=60, capacity={capacity})
        log = logging.getLogger('app'); log.setLevel(1); log.addHandler(handler)
        {text}
        """;

    private string PipeAddress() => QueueLog.Transport.PipeName.ToAddress(name);

    private string[] Messages() => [.. folder.ReadLines("run.log").Select(line => line[(line.IndexOf('|') + 1)..])];

    private Task<LogListener> StartAsync() => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = name,
        File = new RollingFileOptions { Path = folder.Combine("run.log") },
        NoHeader = true,
        Template = "{Process}|{Message}",
        MinimumLevel = LogLevel.Trace,
    });
}
