using System.Collections;
using System.Management.Automation;
using QueueLog.PowerShell.Arguments;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Session;
using QueueLog.Records;
using QueueLog.Sinks.Queued;

namespace QueueLog.PowerShell.Sinks;

/// <summary>The script blocks of a sink with all they use of the session they were written in, to be run in sessions of their own.</summary>
internal sealed class SinkScripts
{
    /// <summary>What the records are given to; null where they are written as text.</summary>
    public ScriptBlock? Consumer { get; private init; }

    /// <summary>Says which records are wanted; null for all.</summary>
    public ScriptBlock? Filter { get; private init; }

    /// <summary>The values of their <c>$using:</c> expressions, the very objects.</summary>
    public Hashtable UsingValues { get; } = [];

    public CarriedFunction[] Functions { get; private set; } = [];

    public CarriedAlias[] Aliases { get; private set; } = [];

    public string[] Modules { get; private set; } = [];

    /// <summary>Where the session is in the file system.</summary>
    public string Location { get; private init; } = "";

    /// <summary>Takes the blocks, and what they use, from a session.</summary>
    /// <returns>The error that keeps a value from being had; null when all is there.</returns>
    public static ErrorRecord? Read(SessionState session, ScriptBlock? consumer, ScriptBlock? filter, out SinkScripts scripts)
    {
        scripts = new SinkScripts { Consumer = Free(consumer), Filter = Free(filter), Location = FileSystemLocation.Of(session) };
        var exporter = new SessionExporter(session, EngineModules.Of(EngineModules.HomeOf(session)), []);
        var blocks = new List<ScriptBlock>();
        foreach (var block in new[] { consumer, filter })
        {
            if (block is not null)
            {
                exporter.Add(block);
                if (Session.UsingValues.Read(block, session, scripts.UsingValues, blocks) is { } error)
                {
                    return error;
                }
            }
        }

        blocks.ForEach(exporter.Add);
        scripts.Functions = exporter.Functions;
        scripts.Aliases = exporter.Aliases;
        scripts.Modules = [.. exporter.Modules.Select(static module => module.Name)];
        return null;
    }

    /// <summary>Opens a session in which they run.</summary>
    /// <exception cref="SinkScriptException">It cannot be made.</exception>
    public SinkCodeSession Open()
    {
        var session = new SinkRunspace(this);
        return new SinkCodeSession(
            Filter is null ? null : new ScriptFilter(session, Filter),
            Consumer is null ? null : new ScriptConsumer(session, Consumer),
            session.Stop,
            session.Dispose);
    }

    // As it is it would run where it was made, and wait for that session.
    private static ScriptBlock? Free(ScriptBlock? block) =>
        block is null ? null : LocatedScript.ToScriptBlock(block.ToString(), LocatedScript.LocationOf(block));
}
