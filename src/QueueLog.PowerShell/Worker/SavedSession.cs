using System.Collections;
using System.Globalization;
using System.Management.Automation;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Session;

namespace QueueLog.PowerShell.Worker;

/// <summary>
/// The state of a worker's session at one moment, e.g. before its first item, and the way back to it. What is changed inside of
/// objects, and all that is the process's, is not undone.
/// </summary>
internal sealed class SavedSession
{
    private const string ExitCode = "global:LASTEXITCODE";

    private readonly SessionState session;
    private readonly SavedVariables? variables;
    private readonly SavedLocation location;
    private readonly object? exitCode;
    private readonly ArrayList? errors;
    private readonly object?[] savedErrors;
    private readonly CultureInfo culture = CultureInfo.CurrentCulture;
    private readonly CultureInfo uiCulture = CultureInfo.CurrentUICulture;

    /// <summary>Takes note of the present state.</summary>
    /// <param name="session">The worker's global session.</param>
    /// <param name="engine">The inside of it; null when the engine is built otherwise: then variables stay as items leave them.</param>
    /// <param name="drives">The session's drives.</param>
    public SavedSession(SessionState session, EngineState? engine, PSDriveInfo[] drives)
    {
        this.session = session;
        exitCode = session.PSVariable.GetValue(ExitCode);
        if (exitCode is null)
        {
            // There before the first program has run, so that running one changes a value and not the number of variables.
            session.PSVariable.Set(ExitCode, null);
        }

        errors = session.PSVariable.GetValue("global:Error") as ArrayList;
        savedErrors = errors?.ToArray() ?? [];
        location = new SavedLocation(session, engine, drives);
        variables = engine is null ? null : new SavedVariables(engine);
    }

    /// <summary>Goes back to it.</summary>
    public void Restore()
    {
        if (variables is null)
        {
            session.PSVariable.Set(ExitCode, exitCode);
        }

        variables?.Restore();
        location.Restore();
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
