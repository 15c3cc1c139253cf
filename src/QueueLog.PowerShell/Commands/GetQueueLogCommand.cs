using System.Collections;
using System.Management.Automation;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Completion;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;
using QueueLog.Reading;
using QueueLog.Reading.Files;
using QueueLog.Reading.Search;
using QueueLog.Records;

namespace QueueLog.PowerShell.Commands;

/// <summary>Gives the records of logs as objects, in order of time, from live, rolled and compressed files.</summary>
[Cmdlet(VerbsCommon.Get, "QueueLog", DefaultParameterSetName = "Path")]
[OutputType(typeof(LogEntry))]
public sealed class GetQueueLogCommand : LogReadingCommand
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Only these levels.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel[]? Level { get; set; }

    /// <summary>Only this level and those above.</summary>
    [Parameter]
    [LevelTransformation]
    public LogLevel MinimumLevel { get; set; }

    /// <summary>Only these processes.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LogFieldCompleter))]
    public string[]? Process { get; set; }

    /// <summary>Only these workers.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LogFieldCompleter))]
    public string[]? Worker { get; set; }

    /// <summary>Only these items.</summary>
    [Parameter]
    public long[]? Item { get; set; }

    /// <summary>Only these categories.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LogFieldCompleter))]
    public string[]? Category { get; set; }

    /// <summary>Only records with these properties.</summary>
    [Parameter]
    public IDictionary? Property { get; set; }

    /// <summary>Only from that time on: a date, or how long ago, such as 10m.</summary>
    [Parameter]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeCompleter))]
    public DateTimeOffset Since { get; set; }

    /// <summary>Only up to that time: a date, or how long ago, such as 10m.</summary>
    [Parameter]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeCompleter))]
    public DateTimeOffset Until { get; set; }

    /// <summary>Only entries whose text matches this regular expression.</summary>
    [Parameter]
    public string? Match { get; set; }

    /// <summary>-Match minds case.</summary>
    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <summary>Only records for which the block gives something true.</summary>
    [Parameter]
    public ScriptBlock? Where { get; set; }

    /// <summary>Only so many.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int First { get; set; }

    /// <summary>Only so many of the last.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; }

    /// <summary>Go on with what is written from now on, until Ctrl+C.</summary>
    [Parameter]
    public new SwitchParameter Wait { get; set; }

    private protected override bool MayBeMissing => Wait;

    private int? TailCount => MyInvocation.BoundParameters.ContainsKey(nameof(Tail)) ? Tail : null;

    private protected override void Read(string[] found)
    {
        Views.Load();
        var output = new EntryOutput(this, Where, MyInvocation.BoundParameters.ContainsKey(nameof(First)) ? First : int.MaxValue);
        var query = Query();
        if (Wait)
        {
            Follow(found, query, output);
        }
        else
        {
            output.Write(ReadAhead.Of(query, query => LogMerge.ByTime([.. found.Select(log => new LogReader(query).Read(log))])), TailCount);
        }
    }

    private void Follow(string[] found, LogQuery query, EntryOutput output)
    {
        foreach (var log in found.Where(log => LogFileSet.Names(log).Count == 0))
        {
            WriteWarning(LogWarnings.WaitsForLog(log));
        }

        var followers = found.Select(log => new LogFollower(log, query)).ToArray();
        try
        {
            var present = LogMerge.ByTime([.. followers.Select(follower => follower.ReadPresent())]);
            for (var goesOn = output.Write(present, TailCount); goesOn && !Cancellation.WaitHandle.WaitOne(PollInterval);)
            {
                goesOn = output.Write(LogMerge.ByTime([.. followers.Select(follower => follower.Poll())]));
            }

            Cancellation.ThrowIfCancellationRequested();
        }
        finally
        {
            Array.ForEach(followers, follower => follower.Dispose());
        }
    }

    private LogQuery Query()
    {
        var given = MyInvocation.BoundParameters;
        try
        {
            return QueryAll() with
            {
                Filter = new EntryFilter
                {
                    Levels = EntryFilterFactory.Levels(Level, given.ContainsKey(nameof(MinimumLevel)) ? MinimumLevel : null),
                    Process = EntryFilterFactory.Texts(Process),
                    Worker = EntryFilterFactory.Texts(Worker),
                    Category = EntryFilterFactory.Texts(Category),
                    Items = Item?.ToHashSet(),
                    Properties = EntryFilterFactory.Properties(Property),
                    Since = given.ContainsKey(nameof(Since)) ? Since.UtcTicks : long.MinValue,
                    Until = given.ContainsKey(nameof(Until)) ? Until.UtcTicks : long.MaxValue,
                },
                Pattern = Match is null ? null : Expression(Match),
                // Which are the last a script block wants, only it can tell.
                Tail = Where is null || Tail == 0 ? TailCount : null,
            };
        }
        catch (WildcardPatternException exception)
        {
            ThrowTerminatingError(ReadingErrors.InvalidFilter(exception));
            throw;
        }
    }

    private EntryPattern Expression(string pattern)
    {
        try
        {
            return new EntryPattern(pattern, ignoreCase: !CaseSensitive);
        }
        catch (ArgumentException exception)
        {
            ThrowTerminatingError(ReadingErrors.InvalidPattern(pattern, "-Match", exception));
            throw;
        }
    }
}
