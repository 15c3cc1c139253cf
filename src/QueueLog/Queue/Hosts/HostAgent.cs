using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QueueLog.Diagnostics;
using QueueLog.Journal;
using QueueLog.Queue.Logs;
using QueueLog.Sinks;

namespace QueueLog.Queue.Hosts;

/// <summary>A host: says that it lives, and works for the runs that fit. Owns its engine.</summary>
internal sealed class HostAgent
{
    private static readonly TimeSpan LeftLogTimeout = TimeSpan.FromSeconds(10);

    private readonly HostOptions options;
    private readonly HostSlots slots;
    private readonly string incarnation = RandomNumberGenerator.GetHexString(16, lowercase: true);
    private readonly DateTimeOffset started = DateTimeOffset.Now;
    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, HostedRun> runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> refused = new(StringComparer.Ordinal);
    private readonly HostHeartbeat heartbeat;
    private Task watching = Task.CompletedTask;
    private int stops;
    private int lives;
    private volatile bool isStopping;

    private HostAgent(IQueueEngine engine, HostOptions options)
    {
        Engine = engine;
        this.options = options;
        slots = new HostSlots(options.Slots, options.Time);
        heartbeat = new HostHeartbeat(engine.Hosts, options.Heartbeat, () => Entry, options.Failures);
    }

    public IQueueEngine Engine { get; }

    /// <summary>Completes when it has ended.</summary>
    public Task Completion => completion.Task;

    /// <summary>Whether it ended because another process is the host of its name now.</summary>
    public bool Superseded => heartbeat.IsSuperseded;

    /// <summary>What it says of itself now.</summary>
    public HostEntry Entry
    {
        get
        {
            lock (runs)
            {
                return new HostEntry
                {
                    Host = options.Name,
                    Incarnation = incarnation,
                    Machine = Environment.MachineName,
                    Pid = Environment.ProcessId,
                    ProcessStart = ProcessStart.Own,
                    Started = started,
                    Os = RuntimeInformation.OSDescription,
                    Version = options.Version.ToString(),
                    EngineVersion = options.EngineVersion,
                    Slots = options.Slots,
                    Busy = slots.Taken,
                    IsStopping = isStopping,
                    Runs = [.. runs.Values.Where(static run => run.Refusal is null && !run.Completion.IsCompleted).Select(static run => run.Name)],
                    Refuses = [.. refused.Select(static refusal => new HostRefusal(refusal.Key, refusal.Value)), .. runs.Values.Where(static run => run.Refusal is not null).Select(static run => new HostRefusal(run.Name, run.Refusal!))],
                    Chunks = [.. runs.Values.SelectMany(static run => run.Chunks)],
                };
            }
        }
    }

    /// <summary>Starts it.</summary>
    /// <exception cref="QueueException">The server does not answer.</exception>
    /// <exception cref="HostNameInUseException">Another process has its name.</exception>
    public static async Task<HostAgent> StartAsync(IQueueEngine engine, HostOptions options, CancellationToken cancellation)
    {
        var agent = new HostAgent(engine, options);
        await agent.heartbeat.StartAsync(cancellation).ConfigureAwait(false);
        agent.watching = Task.Run(agent.WatchAsync, CancellationToken.None);
        _ = agent.heartbeat.Completion.ContinueWith(_ => agent.StopAsync(TimeSpan.Zero), TaskScheduler.Default);
        return agent;
    }

    /// <summary>Stops it: it takes no more work, finishes what it can within the grace, gives back what was not begun, and says goodbye.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (Interlocked.Exchange(ref stops, 1) != 0)
        {
            await completion.Task.ConfigureAwait(false);
            return;
        }

        isStopping = true;
        await ending.CancelAsync().ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        List<HostedRun> all;
        lock (runs)
        {
            all = [.. runs.Values];
        }

        await Task.WhenAll(all.Select(run => run.StopAsync(grace))).ConfigureAwait(false);
        await heartbeat.StopAsync().ConfigureAwait(false);
        await Engine.DisposeAsync().ConfigureAwait(false);
        completion.TrySetResult();
    }

    private async Task WatchAsync()
    {
        try
        {
            var left = new HostLogOptions { Host = options.Name, Incarnation = "", Root = options.LogRoot };
            await HostLog.ForwardLeftAsync(Engine, left, LeftLogTimeout, ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or QueueException or OperationCanceledException)
        {
            options.Failures.Report("spools", FailureSeverity.Temporary, $"What earlier lives of the host left of other runs' logs waits for its next start: {e.Message}", e);
        }

        for (var pause = default(RetryPause); !ending.IsCancellationRequested;)
        {
            try
            {
                await foreach (var entry in Engine.Runs.WatchAsync(ending.Token).ConfigureAwait(false))
                {
                    Apply(entry);
                    pause = default;
                }
            }
            catch (OperationCanceledException)
            {
            }
            catch (QueueException)
            {
                await Task.WhenAny(Task.Delay(pause.Next(), ending.Token)).ConfigureAwait(false);
            }
        }
    }

    private void Apply(TableEntry told)
    {
        var entry = told.IsDeleted ? null : RunEntry.Decode(told.Value.Span);
        lock (runs)
        {
            if (runs.TryGetValue(told.Key, out var hosted) && (entry is null || !hosted.IsToBegin(entry)))
            {
                hosted.Apply(entry);
                if (entry is null)
                {
                    runs.Remove(told.Key);
                }
            }
            else if (entry is null)
            {
                refused.Remove(told.Key);
            }
            else if (entry.State == HostedRunState.Open && !refused.ContainsKey(told.Key))
            {
                if (RunAdmission.RefusalOf(entry.On, entry.Version, options.Name, options.Version.ToString()) is { } reason)
                {
                    refused[told.Key] = reason;
                }
                else
                {
                    hosted = runs[told.Key] = new HostedRun(Engine, told.Key, entry, options, slots, new HostLife(incarnation, ++lives));
                    _ = hosted.Completion.ContinueWith(_ => heartbeat.Hasten(), TaskScheduler.Default);
                }
            }
            else
            {
                return;
            }
        }

        heartbeat.Hasten();
    }
}
