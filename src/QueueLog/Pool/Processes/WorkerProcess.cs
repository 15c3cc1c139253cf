using System.Diagnostics;
using System.Text;
using QueueLog.Diagnostics;
using QueueLog.Pool.State;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool.Processes;

/// <summary>One worker process from its start to its end.</summary>
internal sealed class WorkerProcess : IWorkerProcess, IAsyncDisposable
{
    private const int KeptErrorLines = 10;

    // How long the last lines of a process may be in coming before what it started is ended, and after that: what has left even
    // the mark behind, and holds the stream, shall not hold up anyone.
    private static readonly TimeSpan LastLinesTimeout = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan EscapedTimeout = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource<PipeConnection> connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource acknowledged = new();
    private readonly Queue<string> errorLines = new();
    private readonly Process process;
    private readonly KnownExits? exits;
    private Task reading = Task.CompletedTask;
    private int disposed;

    /// <param name="start">How it is started.</param>
    /// <param name="token">What it must say to be taken for this one.</param>
    /// <param name="mark">What it and everything it starts have in their environment.</param>
    /// <param name="exits">Is told how it ends; null for nobody.</param>
    public WorkerProcess(ProcessStartInfo start, string token, string mark, KnownExits? exits = null)
    {
        this.exits = exits;
        Token = token;
        Mark = mark;

        // As the worker writes it, whatever encoding the console of this process has.
        start.StandardOutputEncoding = start.StandardErrorEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += (_, _) =>
        {
            // For the listener, should the worker have left it without a goodbye.
            exits?.Report(process.Id, process.ExitCode);
            exited.TrySetResult();
        };
    }

    /// <summary>What the process must say to be taken for this one.</summary>
    public string Token { get; }

    /// <summary>What it and everything it starts have in their environment.</summary>
    public string Mark { get; }

    public int Pid { get; private set; }

    public DateTimeOffset Started { get; private set; }

    /// <summary>Completes when the process has greeted.</summary>
    public Task<PipeConnection> Connected => connected.Task;

    /// <summary>The pipe of a process that has greeted.</summary>
    public PipeConnection Connection => connected.Task.Result;

    /// <summary>Whose turn it is to read that pipe.</summary>
    public ReadLease Lease { get; } = new();

    public Task Exited => exited.Task;

    public bool HasExited => exited.Task.IsCompleted;

    /// <summary>Bytes of memory it uses now; 0 when that cannot be known.</summary>
    public long Memory
    {
        get
        {
            try
            {
                process.Refresh();
                return process.WorkingSet64;
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
            {
                return 0;
            }
        }
    }

    /// <inheritdoc/>
    public void ExpectAcknowledgement() => acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It has said so.</summary>
    public void Acknowledge() => acknowledged.TrySetResult();

    /// <summary>Waits until it does, or for the end of the process, and no longer than for some time.</summary>
    public Task AcknowledgedAsync(TimeSpan timeout) => Task.WhenAny(acknowledged.Task, exited.Task, Task.Delay(timeout));

    /// <summary>Starts the process.</summary>
    /// <param name="onLine">Takes each line of its standard output (false) and standard error (true).</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public void Start(Func<bool, string, ValueTask> onLine)
    {
        process.Start();
        Pid = process.Id;
        exits?.Expect(Pid);
        Started = DateTimeOffset.Now;

        // Nothing is ever written to it: a script that reads standard input shall find its end, not wait.
        process.StandardInput.Close();
        reading = Task.WhenAll(ReadLinesAsync(process.StandardOutput, false, onLine), ReadLinesAsync(process.StandardError, true, onLine));
    }

    public void Greet(PipeConnection connection)
    {
        if (!connected.TrySetResult(connection))
        {
            _ = connection.DisposeAsync().AsTask();
        }
    }

    /// <summary>Sends frames.</summary>
    /// <param name="parts">Together they are whole frames.</param>
    /// <exception cref="IOException">The connection broke.</exception>
    public ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        var connection = Connection;
        return parts.Count == 1 && connection.TrySend(parts[0].Span) ? default : connection.SendAsync(parts, CancellationToken.None);
    }

    /// <summary>Asks a worker to end; one that is gone needs no asking.</summary>
    public async Task AskAsync(FrameType request, byte[] content)
    {
        try
        {
            await Connection.SendAsync(request, content, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Ends the process and what it started; harmless before its start and after its end.</summary>
    public void Kill()
    {
        if (Pid > 0)
        {
            ProcessGroup.Kill(process);
        }
    }

    /// <summary>Waits for the end of a process whose pipe has ended, and ends it where it does not do so itself.</summary>
    public async Task<WorkerDeath> WaitForEndAsync(TimeSpan timeout)
    {
        var ended = await Task.WhenAny(exited.Task, Task.Delay(timeout)).ConfigureAwait(false) == exited.Task;
        Kill();
        await exited.Task.ConfigureAwait(false);

        // What it wrote last is on its way: nothing but a descendant that escaped with the handle keeps the stream open.
        if (await Task.WhenAny(reading, Task.Delay(LastLinesTimeout)).ConfigureAwait(false) != reading)
        {
            ProcessMark.Kill(Mark);
            await Task.WhenAny(reading, Task.Delay(EscapedTimeout)).ConfigureAwait(false);
        }

        lock (errorLines)
        {
            return new WorkerDeath(Pid, ended ? process.ExitCode : null, errorLines.ToArray()) { HasGreeted = connected.Task.IsCompletedSuccessfully };
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        if (connected.Task.IsCompletedSuccessfully)
        {
            await Connection.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            connected.TrySetCanceled();
        }

        process.Dispose();
    }

    private async Task ReadLinesAsync(StreamReader reader, bool isError, Func<bool, string, ValueTask> onLine)
    {
        using var lines = new BoundedLineReader(reader.BaseStream, reader.CurrentEncoding);
        try
        {
            while (await lines.ReadAsync().ConfigureAwait(false) is { } line)
            {
                // Of a crash the message tells more than the frames, which would crowd it out.
                if (isError && !line.StartsWith("   at ", StringComparison.Ordinal))
                {
                    lock (errorLines)
                    {
                        errorLines.Enqueue(line);
                        if (errorLines.Count > KeptErrorLines)
                        {
                            errorLines.Dequeue();
                        }
                    }
                }

                await onLine(isError, line).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process is gone and its streams with it.
        }
    }
}
