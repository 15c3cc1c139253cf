using System.Collections;
using System.Globalization;
using System.Management.Automation;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Logging;
using QueueLog.PowerShell.Session;

namespace QueueLog.PowerShell.Worker;

/// <summary>
/// The state of a worker's session at one moment, e.g. before its first item, and the way back to it. What is changed inside of
/// objects, and all that is the process's, is not undone.
/// </summary>
internal sealed class SavedSession
{
    private const string ExitCodeName = "LASTEXITCODE";
    private const string ExitCodeVariable = "global:" + ExitCodeName;

    private readonly SessionState session;
    private readonly EngineState? engine;
    private readonly SavedVariables? variables;
    private readonly SavedLocation location;
    private readonly object? exitCode;
    private readonly ArrayList? errors;
    private readonly object?[] savedErrors;
    private readonly SavedConsole console = new();
    private readonly EngineStyle? style;
    private readonly object?[] savedStyle;
    private readonly CultureInfo culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo uiCulture = CultureInfo.CurrentUICulture;

    /// <summary>Takes note of the present state.</summary>
    /// <param name="session">The worker's global session.</param>
    /// <param name="engine">The inside of it; null when the engine is built otherwise: then variables stay as items leave them.</param>
    /// <param name="drives">The session's drives.</param>
    public SavedSession(SessionState session, EngineState? engine, PSDriveInfo[] drives)
    {
        this.session = session;
        this.engine = engine;
        exitCode = LastExitCode;
        if (exitCode is null)
        {
            // There before the first program has run, so that running one changes a value and not the number of variables.
            session.PSVariable.Set(ExitCodeVariable, null);
        }

        errors = session.PSVariable.GetValue("global:Error") as ArrayList;
        savedErrors = errors?.ToArray() ?? [];
        style = EngineStyle.Of(session.PSVariable.GetValue("global:PSStyle"));
        savedStyle = style?.Save() ?? [];
        location = new SavedLocation(session, engine, drives);
        variables = engine is null ? null : new SavedVariables(engine);
    }

    /// <summary>The exit code that a program or script has left since; null for none.</summary>
    // The engine assigns another object for each, so an equal code is told from the one there was.
    public int? ExitCode => LastExitCode is { } last && !ReferenceEquals(last, exitCode) ? RecordMapper.Unwrap(last) as int? : null;

    private object? LastExitCode => engine is null ? session.PSVariable.GetValue(ExitCodeVariable)
        : engine.GlobalVariables.TryGetValue(ExitCodeName, out var variable) ? EngineState.ValueOf(variable)
        : null;

    /// <summary>Goes back to it.</summary>
    public void Restore()
    {
        if (variables is null)
        {
            session.PSVariable.Set(ExitCodeVariable, exitCode);
        }

        variables?.Restore();
        location.Restore();
        console.Restore();
        style?.Restore(savedStyle);
        if (errors is not null && (errors.Count != savedErrors.Length || (savedErrors.Length > 0 && !ReferenceEquals(errors[0], savedErrors[0]))))
        {
            errors.Clear();
            errors.AddRange(savedErrors);
        }

        if (!ReferenceEquals(CultureInfo.CurrentCulture, culture))
        {
            CultureInfo.CurrentCulture = culture;
        }

        if (!ReferenceEquals(CultureInfo.CurrentUICulture, uiCulture))
        {
            CultureInfo.CurrentUICulture = uiCulture;
        }
    }
}
