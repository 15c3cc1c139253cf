using QueueLog.Diagnostics;

namespace QueueLog.PowerShell.Errors;

/// <summary>Warnings of the commands about listeners, sinks and records: troubles that end nothing.</summary>
internal static class LogWarnings
{
    /// <summary>A record was shown instead of kept.</summary>
    /// <param name="refusal">Why a listener that is there takes none; null where there is no listener.</param>
    public static string NoListener(string? refusal) => refusal is null
        ? "There is no listener, so records are shown here and not kept. Start one with Start-LogListener."
        : $"{refusal} Records are shown here and not kept. Start a listener of your own with Start-LogListener.";

    /// <summary>A change has not taken effect in time.</summary>
    public static string ChangeDelayed(string listener) =>
        $"The listener '{listener}' cannot write its file at present. Buffered records keep the old settings; later ones use the new.";

    /// <summary>Something went wrong while a listener was stopped.</summary>
    public static string AtStop(Failure failure) => $"{failure.Source}: {failure.Message}";
}
