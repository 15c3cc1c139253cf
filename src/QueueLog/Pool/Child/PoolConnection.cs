using System.Diagnostics;
using QueueLog.Journal;
using QueueLog.Pool.Processes;
using QueueLog.Transport;
using QueueLog.Wire;

namespace QueueLog.Pool.Child;

/// <summary>What a worker shares with its pool: the pipe, and the memory beside it.</summary>
internal sealed class PoolConnection
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(60);

    // A pool may be killed while its workers are still starting: between two attempts they look whether it is there.
    private static readonly TimeSpan ConnectAttempt = TimeSpan.FromMilliseconds(100);

    private readonly ByteWriter hello = new(128);

    private PoolConnection(WorkerIdentity worker, PipeConnection pipe, SharedProgress progress, LastRecords records)
    {
        Worker = worker;
        Pipe = pipe;
        Progress = progress;
        Records = records;
        pipe.Trust();
        Batcher = new ResultBatcher(pipe);
        var frame = hello.BeginFrame(FrameType.WorkerHello);
        WorkCodec.WriteHello(hello, worker.Token, Environment.ProcessId);
        hello.EndFrame(frame);
    }

    public WorkerIdentity Worker { get; }

    public PipeConnection Pipe { get; }

    public ResultBatcher Batcher { get; }

    public SharedProgress Progress { get; }

    public LastRecords Records { get; }

    /// <summary>Connects, without the greeting.</summary>
    /// <exception cref="IOException">The pool has ended.</exception>
    /// <exception cref="TimeoutException">It has ended, or does not answer.</exception>
    public static PoolConnection Open(WorkerIdentity worker)
    {
        var pipe = Connect(worker);
        var progress = SharedProgress.Open(worker.Address, worker.Index);
        try
        {
            return new PoolConnection(worker, pipe, progress, LastRecords.Open(worker.Address, worker.Index));
        }
        catch
        {
            progress.Dispose();
            throw;
        }
    }

    /// <summary>Tells the pool that the worker is ready: from its greeting on it is sent work.</summary>
    public void Greet() => Pipe.Send(hello.Written);

    /// <summary>Says that a definition was loaded, or why it could not be.</summary>
    public void SendReady(int id, string errorId, string message)
    {
        var writer = new ByteWriter(128);
        var frame = writer.BeginFrame(FrameType.WorkerReady);
        WorkCodec.WriteReady(writer, id, errorId, message);
        writer.EndFrame(frame);
        Send(writer);
    }

    /// <summary>Sends a frame that says all by its type, after everything that was said before it.</summary>
    public void Send(FrameType empty)
    {
        var writer = new ByteWriter(16);
        writer.EndFrame(writer.BeginFrame(empty));
        Send(writer);
    }

    private static PipeConnection Connect(WorkerIdentity worker)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return PipeConnector.Connect(worker.Address, ConnectAttempt);
            }
            catch (TimeoutException) when (Stopwatch.GetElapsedTime(since) < ConnectTimeout && ProcessStart.Of(worker.PoolPid) is not null)
            {
            }
        }
    }

    private void Send(ByteWriter writer)
    {
        try
        {
            Batcher.Send(writer.Written);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pool is gone; the reader sees it too.
        }
    }
}
