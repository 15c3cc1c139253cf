using System.Globalization;
using QueueLog.Diagnostics;
using QueueLog.Listener;

namespace QueueLog.PowerShell.Errors;

/// <summary>Warnings of the commands about listeners, sinks and records: troubles that end nothing.</summary>
internal static class LogWarnings
{
    // A line names so many clients that lost records.
    private const int MostClients = 3;

    /// <summary>A record was shown instead of kept.</summary>
    /// <param name="refusal">Why a listener that is there takes none; null where there is no listener.</param>
    public static string NoListener(string? refusal) => refusal is null
        ? "There is no listener, so records are shown here and not kept. Start one with Start-LogListener."
        : $"{refusal} Records are shown here and not kept. Start a listener of your own with Start-LogListener.";

    /// <summary>A listener was to be started that runs already.</summary>
    public static string ListenerRuns(LogListener listener) =>
        $"The listener '{listener.Name}' of this session runs already, with the same settings, and goes on. To start anew, stop it with Stop-LogListener or give -Force.";

    /// <summary>A change has not taken effect in time.</summary>
    public static string ChangeDelayed(string listener) =>
        $"The listener '{listener}' cannot write its file at present. Buffered records keep the old settings; later ones use the new.";

    /// <summary>A report was written, and nothing shows it.</summary>
    public static string ReportNotOpened(string path, string reason) =>
        $"The report '{path}' was written. It cannot be opened here: {reason} Open it in a browser by hand.";

    /// <summary>The report of a run could not be made.</summary>
    public static string RunReportFailed(string path, string reason) =>
        $"The report '{path}' of the run was not written: {reason} Make it of the log and the job log with Export-QueueLogReport.";

    /// <summary>A template names a property that looks like a misspelt token.</summary>
    public static string MisspeltToken(string written, string token) =>
        $"The template shows the property '{written}'. If the token {{{token}}} is meant, correct it; for a property of that name, write {{Properties:{written}}}.";

    /// <summary>A log that is to be followed is not there yet.</summary>
    public static string WaitsForLog(string log) => $"There is no log '{log}' yet. Get-QueueLog waits for it, until Ctrl+C.";

    /// <summary>A log shows too little to tell whether it is complete.</summary>
    public static string NotCheckable(string log, string? why) => $"Nobody can tell whether '{log}' is complete. {why}";

    /// <summary>Something went wrong while a listener was stopped.</summary>
    public static string AtStop(Failure failure) => $"{failure.Source}: {failure.Message}";

    /// <summary>What a listener that has been stopped did not write everywhere; null when that is nothing.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="told">What went wrong at its stop: a sink that is among that has said how many it left out.</param>
    public static string? Lost(LogListener listener, IReadOnlyList<Failure> told)
    {
        var parts = new List<string>();
        if (listener.Lost > 0)
        {
            string[] clients = [.. listener.Clients.Where(client => client.Lost > 0).Select(client => Count(client.Lost, $"of {client.Process} (pid {client.Pid})"))];
            parts.Add($"{Count(listener.Lost, listener.Lost == 1 ? "record" : "records")} lost ({string.Join(", ", clients.Take(MostClients))}{(clients.Length > MostClients ? ", …" : null)})");
        }

        parts.AddRange(listener.Sinks.Where(sink => sink.LeftOut > 0 && !told.Any(failure => failure.Source == sink.Name)).Select(sink => Count(sink.LeftOut, $"left out of '{sink.Name}'")));
        return parts.Count == 0 ? null : $"Listener '{listener.Name}': {string.Join("; ", parts)}. The log says where. -PassThru gives the counts and Failures.";
    }

    private static string Count(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {what}");
}
