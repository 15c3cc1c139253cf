using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Clients;

/// <summary>Programs in Python whose records go through the handler of clients/python: what becomes of a record.</summary>
public sealed class PythonHandlerTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_program_configures_it_as_any_handler()
    {
        var log = await LogOfAsync("{Level} {Category} {Process} {Message} {Caller}", """
            logging.config.dictConfig({
                'version': 1,
                'handlers': {'log': {'class': 'queuelog.QueueLogHandler', 'level': 'INFO', 'process': 'importer', 'capacity': 10, 'timeout': 20}},
                'loggers': {'app': {'handlers': ['log'], 'level': 'DEBUG'}},
            })
            logging.getLogger('app').debug('below the level of the handler')
            logging.getLogger('app.db').info('took %d rows', 5)
            logging.getLogger('other').error('not configured')
            """, expectedError: "not configured\n");
        Assert.Equal([$"Information app.db importer took 5 rows {folder.Combine("program.py")}:8"], log);
    }

    [Fact]
    public async Task Levels_become_ours_and_one_of_the_programs_own_keeps_its_name()
    {
        var log = await LogOfAsync("{Level} {Message} {Properties}", Handler("""
            logging.addLevelName(25, 'NOTICE')
            for level in (5, 10, 19, 20, 25, 30, 40, 50, 60):
                log.log(level, 'at')
            """));
        Assert.Equal(
            [
                "Trace at {LevelName=Level 5}", "Debug at ", "Debug at {LevelName=Level 19}", "Information at ", "Information at {LevelName=NOTICE}",
                "Warning at ", "Error at ", "Critical at ", "Critical at {LevelName=Level 60}",
            ],
            log);
    }

    [Fact]
    public async Task Arguments_and_extra_become_properties_of_their_kinds()
    {
        var log = await LogOfAsync("{Message}|{Template}|{Properties}", Handler("""
            import collections, datetime, decimal, enum, pathlib
            class Bad:
                def __str__(self): raise ValueError('no')
                __repr__ = __str__
            class Kind(enum.Enum): A = 1
            class Text(str): pass
            log.info('a %s of %.1f', 'x', 2.25)
            log.info('%(name_)s has %(count)d', {'name_': 'x', 'count': 2})
            log.info('user {Name} took %s', 'x')
            log.info('100%')
            log.info(('no', 'text'))
            log.info('', extra={'i': 1, 'f': 0.5, 't': True, 'n': None, 's': 'é\ud800', 'big': 2 ** 70, 'inf': float('inf'), 'nan': float('nan')})
            log.info('', extra={'l': [1, (2, 'x')], 'd': {'a': {1: None}}, 'set': {1}, 'b': b'x'})
            log.info('', extra={'o': Bad(), 'dec': decimal.Decimal('1.5'), 'kind': Kind.A, 'sub': Text('y'), 'day': datetime.date(2026, 1, 2)})
            loop = []; loop.append(loop)
            log.info('', extra={'loop': loop})
            log.info('', extra={'level': 'mine', 'message_': 'x', 'flush': 1, 'pid': 2, 'item': 3, 'template': 't'})
            """));
        Assert.Equal("a x of 2.2|a %s of %.1f|{Argument0=x, Argument1=2.25}", log[0]);
        Assert.Equal("x has 2|%(name_)s has %(count)d|{name_=x, count=2}", log[1]);
        Assert.Equal("user {Name} took x|user {Name} took %s|{Argument0=x}", log[2]);
        Assert.Equal("100%||", log[3]);
        Assert.Equal("('no', 'text')||", log[4]);
        Assert.Equal("||{i=1, f=0.5, t=true, n=, s=é\uFFFD, big=1180591620717411303424, inf=inf, nan=nan}", log[5]);
        Assert.Equal("||{l=[1, [2, x]], d={a={1=}}, set={1}, b=b'x'}", log[6]);
        Assert.Equal("||{o=(Bad has no text: ValueError), dec=1.5, kind=Kind.A, sub=y, day=2026-01-02}", log[7]);
        Assert.StartsWith("||{loop=[[[[[", log[8], StringComparison.Ordinal);
        Assert.Equal("||{level=mine, message_=x, flush=1, pid=2, item=3, template=t}", log[9]);
    }

    [Fact]
    public async Task The_formatter_of_basicConfig_is_for_other_handlers()
    {
        var log = await LogOfAsync("{Level} {Category} {Message}", """
            import logging, queuelog, sys
            logging.basicConfig(handlers=[queuelog.QueueLogHandler()], level=logging.INFO)
            logging.warning('plain')
            logging.basicConfig(format='%(asctime)s %(message)s', handlers=[queuelog.QueueLogHandler()], force=True)
            logging.warning('with a format')
            handler = queuelog.QueueLogHandler()
            handler.setFormatter(logging.Formatter('<%(message)s>'))
            logging.basicConfig(handlers=[handler], force=True)
            logging.warning('own')
            """);

        Assert.Equal(["Warning root plain", "Warning root with a format", "Warning root <own>"], log);
    }

    [Fact]
    public async Task Exceptions_come_with_type_message_and_the_whole_traceback()
    {
        var log = await LogOfAsync("{Message}|{Properties}|{Exception}", Handler("""
            import shutil
            try:
                try:
                    {}['key']
                except KeyError as cause:
                    raise shutil.Error('two\nlines') from cause
            except shutil.Error:
                log.exception('failed')
            log.error('no exception', exc_info=True)
            log.error('given', exc_info=ValueError('never raised'))
            log.error('where', stack_info=True)
            class Bad(Exception):
                def __str__(self): raise KeyError('again')
            log.error('bad', exc_info=Bad())
            prepared = logging.handlers.QueueHandler(None).prepare(logging.LogRecord('q', 40, 'p.py', 1, 'a %s', ('b',), (ValueError, ValueError('x'), None)))
            handler.handle(prepared)
            """));
        var text = string.Join('\n', log);
        Assert.StartsWith("failed||shutil.Error: two\n    lines\n        Traceback (most recent call last):\n", text, StringComparison.Ordinal);
        Assert.Contains("KeyError: 'key'\n        \n        The above exception was the direct cause", text, StringComparison.Ordinal);
        Assert.Contains("raise shutil.Error('two\\nlines') from cause", text, StringComparison.Ordinal);
        Assert.Contains("no exception||", log);
        Assert.Contains("given||ValueError: never raised", log);
        Assert.Contains(log, line => line.StartsWith("where|{StackInfo=Stack (most recent call last):", StringComparison.Ordinal));
        Assert.Contains("bad||Bad: (Bad has no text: KeyError)", log);
        Assert.Contains(log, line => line.StartsWith("a b", StringComparison.Ordinal));
        Assert.Equal(2, log.Count(line => line.Contains("ValueError: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Time_process_pid_thread_and_task_are_those_of_the_record()
    {
        var log = await LogOfAsync("{Timestamp:O}|{Process}|{Pid}|{ThreadName}|{TaskName}|{Message}", Handler("""
            import threading
            log.info('main')
            thread = threading.Thread(target=lambda: log.info('thread'), name='helper'); thread.start(); thread.join()
            record = logging.makeLogRecord({'msg': 'made elsewhere', 'created': 1764075785.123456, 'processName': 'Elsewhere', 'process': 12, 'taskName': 'Task-1'})
            handler.handle(record)
            logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
            log.info('bare')
            os.environ['QUEUELOG_PROCESS'] = 'chosen'
            log.info('named')
            print(os.getpid())
            """), output => output[0]);
        var pid = log[^1];
        Assert.Equal($"program|{pid}|||main", WithoutTime(log[0]));
        Assert.Equal($"program|{pid}|helper||thread", WithoutTime(log[1]));
        Assert.Equal("Elsewhere|12||Task-1|made elsewhere", WithoutTime(log[2]));
        Assert.Equal(new DateTime(2025, 11, 25, 13, 3, 5, DateTimeKind.Utc).AddTicks(1234560), DateTimeOffset.Parse(log[2].Split('|')[0]).UtcDateTime);
        Assert.Equal($"program|{pid}|||bare", WithoutTime(log[3]));
        Assert.Equal($"chosen|{pid}|||named", WithoutTime(log[4]));
        Assert.InRange(DateTimeOffset.Parse(log[0].Split('|')[0]), DateTimeOffset.Now.AddMinutes(-2), DateTimeOffset.Now);

        static string WithoutTime(string line) => line[(line.IndexOf('|') + 1)..];
    }

    [Fact]
    public async Task A_formatter_makes_the_message_and_nothing_else()
    {
        var log = await LogOfAsync("{Level} {Message}", Handler("""
            handler.setFormatter(logging.Formatter('%(name)s [%(levelname)s] %(message)s'))
            log.warning('hot')
            handler.setFormatter(logging.Formatter('{asctime} {message}', '%Y', style='{'))
            log.warning('hotter', exc_info=ValueError('x'))
            """));
        Assert.Equal("Warning app [WARNING] hot", log[0]);
        Assert.Equal($"Warning {DateTime.Now.Year} hotter", log[1]);
        Assert.Equal("    ValueError: x", log[2]);
    }

    [Fact]
    public async Task What_cannot_be_formatted_is_an_error_of_logging_and_never_of_the_program()
    {
        await using var run = await StartAsync("{Message}");
        var result = await PythonProgram.RunAsync(folder, run.Address, Handler("""
            log.info('before')
            log.info('%d', 'no number')
            logging.raiseExceptions = False
            log.info('%d', 'no number either')
            log.info('after')
            """));
        Assert.Equal(0, result.ExitCode);
        Assert.Single(result.ErrorLines, line => line.StartsWith("--- Logging error ---", StringComparison.Ordinal));
        await run.StopAsync(TestTimeout.Limit);
        Assert.Equal(["before", "after"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_memory_handler_and_a_queue_before_it_work_as_before_any_other()
    {
        var log = await LogOfAsync("{Level} {Message}", """
            import queue
            handler = queuelog.QueueLogHandler()
            memory = logging.handlers.MemoryHandler(100, flushLevel=logging.ERROR, target=handler)
            log = logging.getLogger('app'); log.setLevel(1); log.addHandler(memory)
            log.debug('kept back'); log.warning('kept back, too')
            log.removeHandler(memory)
            listener_queue = queue.Queue(-1)
            listener = logging.handlers.QueueListener(listener_queue, handler, respect_handler_level=True)
            listener.start()
            log.addHandler(logging.handlers.QueueHandler(listener_queue))
            log.info('through %s', 'the queue')
            listener.stop()
            memory.handle(logging.makeLogRecord({'msg': 'worse', 'levelno': 40}))
            memory.handle(logging.makeLogRecord({'msg': 'the rest', 'levelno': 20}))
            memory.close()
            """);
        Assert.Equal(["Information through the queue", "Debug kept back", "Warning kept back, too", "Error worse", "Information the rest"], log);
    }

    [Fact]
    public async Task A_message_longer_than_any_record_is_cut_and_says_so()
    {
        var log = await LogOfAsync("{Message}", Handler("""
            log.info('x' * (70 * 1024 * 1024))
            log.info('next')
            """));
        Assert.Equal(2, log.Length);
        Assert.EndsWith($"xxx… ({69 * 1024 * 1024} more characters do not fit a record)", log[0], StringComparison.Ordinal);
        Assert.Equal("next", log[1]);
    }

    internal static string Handler(string text) => $"""
        handler = queuelog.QueueLogHandler(timeout=60)
        log = logging.getLogger('app'); log.setLevel(1); log.addHandler(handler)
        {text}
        """;

    private async Task<string[]> LogOfAsync(string template, string program, Func<string[], string>? last = null, string expectedError = "")
    {
        await using var listener = await StartAsync(template);
        var result = await PythonProgram.RunAsync(folder, listener.Address, program);
        Assert.Equal(expectedError, result.Error);
        Assert.Equal(0, result.ExitCode);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);
        Assert.Empty(listener.Failures);
        Assert.Equal((0, listener.Received), (listener.Lost, listener.Written));
        return last is null ? folder.ReadLines("run.log") : [.. folder.ReadLines("run.log"), last(result.Lines)];
    }

    private Task<LogListener> StartAsync(string template) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = TestListener.NewName(),
        File = new RollingFileOptions { Path = folder.Combine("run.log") },
        NoHeader = true,
        Template = template,
        MinimumLevel = LogLevel.Trace,
    });
}
