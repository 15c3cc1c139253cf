using System.Globalization;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Faults;

/// <summary>A log with a state folder of its own, the listeners that come and go on it, and its writers.</summary>
internal sealed class FaultStage(long maxFileSize) : IDisposable
{
    // What a writer still writes when all is well again.
    private const int Encore = 100;

    // Its own: on Windows the names of pipes are the whole machine's, and the stages of several tests stand at the same time.
    private readonly string name = $"l{Guid.NewGuid():N}"[..12];

    private readonly TempFolder folder = new();
    private readonly List<FaultWriter> writers = [];
    private readonly List<ActorProcess> listeners = [];

    /// <summary>What rolled files are called. Default: by numbers.</summary>
    public RollNames Names { get; init; }

    /// <summary>Whether they are compressed. Default: no.</summary>
    public bool Compress { get; init; }

    public string Log => folder.Combine("logs", "run.log");

    /// <summary>A file for the pids of those that die with another.</summary>
    public string Victims => folder.Combine("victims");

    public IReadOnlyList<FaultWriter> Writers => writers;

    public IEnumerable<FaultWriter> Living => writers.Where(writer => !writer.IsKilled);

    private string State => folder.Combine("s");

    public ActorProcess StartListener(FaultDeath? death = null)
    {
        var listener = ActorProcess.Start(State, ["listen", Log, name, maxFileSize.ToString(CultureInfo.InvariantCulture), Names.ToString(), Compress.ToString(), .. death?.Arguments ?? []]);
        listeners.Add(listener);
        return listener;
    }

    public FaultWriter StartWriter(WriterLoad load, FaultDeath? death = null)
    {
        var called = $"w{writers.Count + 1}";
        var report = folder.Combine(called + ".report");
        var writer = new FaultWriter(called, ActorProcess.Start(State, ["write", name, called, report, .. load.Arguments, .. death?.Arguments ?? []]), report, load);
        writers.Add(writer);
        return writer;
    }

    /// <summary>Starts a listener that is not going to die, lets those writers finish that live, and stops.</summary>
    /// <returns>What is wrong with the log, and what is left behind.</returns>
    public async Task<IReadOnlyList<string>> FinishAsync()
    {
        var listener = StartListener();
        await listener.WaitUntilReadyAsync();
        return await FinishAsync(listener);
    }

    /// <summary>The same under a listener that is there.</summary>
    public async Task<IReadOnlyList<string>> FinishAsync(ActorProcess listener)
    {
        var living = Living.ToArray();
        foreach (var writer in living)
        {
            writer.Process.Send($"finish {Encore}");
        }

        foreach (var writer in living)
        {
            await writer.Process.WaitUntilDoneAsync();
        }

        listener.Send("stop");
        var said = await listener.WaitUntilDoneAsync();
        var claims = writers.Select(writer => writer.Claim).ToArray();
        TestContext.Current.TestOutputHelper?.WriteLine($"{claims.Sum(claim => claim.Returned.Sum())} records of {writers.Count} writers, under {listeners.Count} listeners");
        var problems = LogCheck.Run(Log, claims);
        return [.. problems, .. Leftovers(), .. said.Length > 0 ? [$"the listener said: {said}"] : Array.Empty<string>()];
    }

    /// <summary>Waits until the log tells of a writer's end, while its listener lives on.</summary>
    public async Task WaitUntilEndIsToldAsync(FaultWriter writer)
    {
        using var deadline = new CancellationTokenSource(TestTimeout.Limit);
        var text = $"{writer.Name} (pid {writer.Process.Pid}) ended without a goodbye";
        while (!folder.FilesIn("logs").Any(file => folder.Read("logs", file).Contains(text, StringComparison.Ordinal)))
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    public void Dispose()
    {
        foreach (var actor in writers.Select(writer => writer.Process).Concat(listeners))
        {
            actor.Dispose();
        }

        folder.Dispose();
    }

    // The locks of log files stay: see FileLock. What the last listener had no time to compress stays too, but whole and once.
    private IEnumerable<string> Leftovers() => LeftInState().Concat(
        from name in folder.FilesIn("logs")
        where name.Contains("queuelog", StringComparison.Ordinal) || File.Exists(folder.Combine("logs", name + ".gz"))
        select $"left behind: {name}");

    private IEnumerable<string> LeftInState() =>
        from path in Directory.EnumerateFileSystemEntries(State, "*", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(State, path)
        where name is not ("names.lock" or "locks" or "journal") && !(name.StartsWith("locks", StringComparison.Ordinal) && name.EndsWith(".lock", StringComparison.Ordinal))
        select $"left behind: {name}";
}
