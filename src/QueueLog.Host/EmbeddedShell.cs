using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;
using QueueLog.Host.Prelude;
using QueueLog.Host.Terminal;

namespace QueueLog.Host;

/// <summary>One session of the engine: runs what the command line asks for and renders it as it appears.</summary>
internal sealed class EmbeddedShell : IDisposable
{
    public const string UnknownCommandHint =
        "(This is QueueLog's embedded engine, which has the PowerShell language and everyday commands only. "
        + "Install PowerShell 7, https://aka.ms/powershell, for all of them.)";

    private readonly CommandLine _command;
    private readonly EmbeddedHost _host;
    private readonly Interrupts _interrupts;
    private readonly Lock _gate = new();
    private Runspace? _runspace;
    private Pipeline? _running;

    public EmbeddedShell(CommandLine command)
    {
        _command = command;
        _host = new EmbeddedHost(command.MayPrompt);
        _interrupts = new Interrupts(Stop);
    }

    public int Run()
    {
        _runspace = Open();
        var failure = Execute(CreatePipeline());
        if (failure is not null and not PipelineStoppedException)
        {
            Report(failure);
        }

        return ExitCode(failure);
    }

    public void Dispose()
    {
        _interrupts.Dispose();
        _runspace?.Dispose();
    }

    private Runspace Open()
    {
        ModulePath.Extend();
        EngineInternals.ExplainUnknownCommands(UnknownCommandHint);
        var state = InitialSessionState.CreateDefault2();
        PreludeCommands.AddTo(state);
        state.ThreadOptions = PSThreadOptions.UseCurrentThread;
        if (OperatingSystem.IsWindows() && Enum.TryParse<ExecutionPolicy>(_command.ExecutionPolicy, ignoreCase: true, out var policy))
        {
            state.ExecutionPolicy = policy;
        }

        var runspace = RunspaceFactory.CreateRunspace(_host, state);
        WithoutDiagnosticsPipe(runspace.Open);
        Runspace.DefaultRunspace = runspace;
        EngineInternals.LetScriptsExit(runspace);
        return runspace;
    }

    /// <summary>
    /// The pipe by which Enter-PSHostProcess attaches takes a tenth of the start. The engine looks once whether it is
    /// wanted; the wish is not passed on to child processes.
    /// </summary>
    private static void WithoutDiagnosticsPipe(Action open)
    {
        const string Variable = "POWERSHELL_DIAGNOSTICS_OPTOUT";
        var wish = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, wish ?? "1");
        open();
        Environment.SetEnvironmentVariable(Variable, wish);
    }

    private Pipeline CreatePipeline()
    {
        var pipeline = _command.Mode switch
        {
            // The file by its name, not its text: so $PSScriptRoot, $PSCommandPath and error positions are the file's.
            RunMode.File when IsScript(_command.Text) => PipelineOf(new Command(_command.Text, isScript: false, useLocalScope: false)),
            RunMode.File => PipelineOf(new Command(File.ReadAllText(_command.Text), isScript: true, useLocalScope: false)),
            RunMode.StandardInput => PipelineOf(Console.In.ReadToEnd()),
            RunMode.Worker => PipelineOf(WorkerCommand()),
            _ => PipelineOf(_command.Text),
        };
        foreach (var argument in _command.Arguments)
        {
            pipeline.Commands[0].Parameters.Add(argument);
        }

        return Rendered(pipeline);
    }

    private Pipeline PipelineOf(Command command)
    {
        var pipeline = _runspace!.CreatePipeline();
        pipeline.Commands.Add(command);
        return pipeline;
    }

    /// <summary>Commands go to the history, because only then does their <c>$?</c> outlive them: it is the exit code.</summary>
    private Pipeline PipelineOf(string text) => _runspace!.CreatePipeline(text, addToHistory: true);

    /// <summary>Leaves everything the pipeline gives, errors included and in order, to the engine's own formatting.</summary>
    private static Pipeline Rendered(Pipeline pipeline)
    {
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add(new Command("Out-Default", isScript: false, useLocalScope: true)
        {
            MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output,
        });
        return pipeline;
    }

    /// <summary>Only a Unix script may have any name: there the first line says what runs it.</summary>
    private static bool IsScript(string file) =>
        OperatingSystem.IsWindows() || file.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);

    private static string WorkerCommand()
    {
        var module = ModulePath.FindCommandAssembly() ?? "QueueLog";
        return $"Import-Module '{module.Replace("'", "''", StringComparison.Ordinal)}' -ErrorAction Stop; Invoke-WorkerLoop";
    }

    /// <summary>Runs to the end on this thread; signals stop it from another.</summary>
    private Exception? Execute(Pipeline pipeline)
    {
        using (pipeline)
        {
            lock (_gate)
            {
                if (_interrupts.ExitCode != 0)
                {
                    return new PipelineStoppedException();
                }

                _running = pipeline;
            }

            try
            {
                pipeline.Invoke();
                return null;
            }
            catch (Exception failure)
            {
                // Whatever ends a script is the script's: it is reported, and the session stays fit to do so.
                return failure;
            }
            finally
            {
                lock (_gate)
                {
                    _running = null;
                }
            }
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _running?.StopAsync();
        }
    }

    /// <summary>Shows an exception that ended the script as the engine shows any error: through its own rendering.</summary>
    private void Report(Exception failure)
    {
        if (failure is IncompleteParseException)
        {
            // A prompt would ask for the rest, so the engine has no view of it.
            Console.Error.WriteLine($"ParserError: {failure.Message}");
            return;
        }

        var record = (failure as IContainsErrorRecord)?.ErrorRecord
            ?? new ErrorRecord(failure, "UnhandledException", ErrorCategory.NotSpecified, null);
        if (record.InvocationInfo is { } where)
        {
            EngineInternals.PlaceAt(record, where);
        }

        const string WriteError = "[CmdletBinding()] param($Record) $PSCmdlet.WriteError($Record)";
        var write = new Command(WriteError, isScript: true, useLocalScope: true);
        write.Parameters.Add("Record", record);
        write.Parameters.Add("ErrorAction", ActionPreference.Continue);
        if (Execute(Rendered(PipelineOf(write))) is not null)
        {
            Console.Error.WriteLine(failure.Message);
        }
    }

    private int ExitCode(Exception? failure)
    {
        if (_interrupts.ExitCode is var signalled && signalled != 0)
        {
            return signalled;
        }

        return failure is not null ? ExitCodes.Failure
            : _host.ExitCode ?? (LastCommandSucceeded() ? ExitCodes.Success : ExitCodes.Failure);
    }

    private bool LastCommandSucceeded()
    {
        using var question = _runspace!.CreatePipeline("$global:?");
        return question.Invoke() is not [{ BaseObject: false }];
    }
}
