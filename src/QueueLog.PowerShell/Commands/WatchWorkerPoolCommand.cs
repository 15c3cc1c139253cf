using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Watch;

namespace QueueLog.PowerShell.Commands;

/// <summary>Shows a run on the terminal, live, from any session of the user and without touching the run.</summary>
[Cmdlet("Watch", "WorkerPool")]
[OutputType(typeof(string))]
public sealed class WatchWorkerPoolCommand : QueueLogCommand
{
    private static readonly TimeSpan KeyInterval = TimeSpan.FromMilliseconds(25);

    private readonly WatchedPool watched = new(TimeProvider.System);
    private readonly WatchState state = new();

    /// <summary>Name of the pool; wildcards are allowed. Default: the pool whose run was begun last.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(PoolNameCompleter))]
    public string Name { get; set; } = "*";

    /// <summary>Seconds between two looks, 0.1 to 3600. Default: 0.25 on a terminal, 5 otherwise.</summary>
    [Parameter]
    [ValidateRange(0.1, 3600)]
    public double IntervalSeconds { get; set; }

    private bool HasTerminal => Host.Name == "ConsoleHost" && !Console.IsInputRedirected && !Console.IsOutputRedirected;

    private bool HasColors => OutputRendering.WantsColours(this) ?? string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        watched.Update(Find());
        if (watched.Status is null)
        {
            ThrowTerminatingError(PoolErrors.NothingToWatch(Name));
        }

        var hasTerminal = HasTerminal;
        var interval = TimeSpan.FromSeconds(IntervalSeconds > 0 ? IntervalSeconds : hasTerminal ? 0.25 : 5);
        if (hasTerminal)
        {
            ShowScreen(interval);
        }
        else
        {
            WriteLines(interval);
        }
    }

    private void WriteLines(TimeSpan interval)
    {
        while (true)
        {
            WriteObject(WatchView.Line(watched));
            if (watched.GoneSince is not null || watched.Status!.State == "Ended")
            {
                return;
            }

            if (Cancellation.WaitHandle.WaitOne(interval))
            {
                throw new PipelineStoppedException();
            }

            watched.Update(Find());
        }
    }

    private void ShowScreen(TimeSpan interval)
    {
        var view = new WatchView(HasColors);
        using var log = new WatchedLog();
        using var screen = new WatchScreen();
        while (true)
        {
            log.Update(watched.Status!.LogPath);
            Show();
            for (var waited = TimeSpan.Zero; waited < interval; waited += KeyInterval)
            {
                while (Console.KeyAvailable)
                {
                    if (!Press(Console.ReadKey(intercept: true), log))
                    {
                        return;
                    }

                    Show();
                }

                if (Cancellation.WaitHandle.WaitOne(KeyInterval))
                {
                    throw new PipelineStoppedException();
                }
            }

            watched.Update(Find());
        }

        void Show()
        {
            var (width, height) = WatchScreen.Size;
            screen.Show(view.Lines(watched, log, state, width, height));
        }
    }

    /// <returns>False to end.</returns>
    private bool Press(ConsoleKeyInfo key, WatchedLog log)
    {
        state.Message = null;
        if (state.Asked is var (worker, item))
        {
            state.Asked = null;
            if (key.KeyChar is 'y' or 'Y')
            {
                state.Message = Wait(new ValueTask<bool>(PoolDirectory.StopItemAsync(watched.Status!, item, Cancellation)))
                    ? $" {worker} was asked to stop item {item}."
                    : $" Item {item} has ended meanwhile, or its pool does not answer.";
            }

            return true;
        }

        switch (key.Key)
        {
            case ConsoleKey.Q:
            case ConsoleKey.Escape:
                return false;
            case ConsoleKey.UpArrow:
                state.Chosen--;
                break;
            case ConsoleKey.DownArrow:
                state.Chosen++;
                break;
            case ConsoleKey.Enter:
                state.IsOfWorker = !state.IsOfWorker;
                break;
            case ConsoleKey.L:
                log.NextLevel();
                break;
            case ConsoleKey.Tab:
                watched.Next(Find());
                break;
            case ConsoleKey.K:
                Ask();
                break;
            default:
                break;
        }

        return true;
    }

    private void Ask()
    {
        var worker = watched.Status!.Workers.ElementAtOrDefault(state.Chosen);
        if (watched.GoneSince is null && worker is { ItemIndex: { } item })
        {
            state.Asked = (worker.Name, item);
        }
        else
        {
            state.Message = $" {worker?.Name ?? "No worker"} has no item to stop.";
        }
    }

    private List<PoolStatus> Find()
    {
        var pattern = WildcardPattern.Get(Name, WildcardOptions.IgnoreCase);
        return [.. Wait(new ValueTask<PoolStatus[]>(PoolDirectory.FindAsync(Cancellation)))
            .Where(status => pattern.IsMatch(status.Name))
            .OrderBy(static status => status.State switch { "Running" => 0, "Idle" => 1, _ => 2 })
            .ThenByDescending(static status => status.RunStarted ?? status.Started)];
    }
}
