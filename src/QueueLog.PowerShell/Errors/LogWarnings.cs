using QueueLog.Diagnostics;
using QueueLog.Listener;

namespace QueueLog.PowerShell.Errors;

/// <summary>Warnings of the commands about listeners, sinks and records: troubles that end nothing.</summary>
internal static class LogWarnings
{
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

    /// <summary>A template names a property that looks like a misspelt token.</summary>
    public static string MisspeltToken(string written, string token) =>
        $"The template shows the property '{written}'. If the token {{{token}}} is meant, correct it; for a property of that name, write {{Properties:{written}}}.";

    /// <summary>A log shows too little to tell whether it is complete.</summary>
    public static string NotCheckable(string log, string? why) => $"Nobody can tell whether '{log}' is complete. {why}";

    /// <summary>Something went wrong while a listener was stopped.</summary>
    public static string AtStop(Failure failure) => $"{failure.Source}: {failure.Message}";
}
