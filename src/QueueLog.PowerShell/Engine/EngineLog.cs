using System.Management.Automation;
using System.Reflection;

namespace QueueLog.PowerShell.Engine;

/// <summary>
/// The engine's own log. Outside of Windows an entry of the analytic log is made at the start and the end of every command, a
/// third of what a small item costs, and then thrown away unless that log is on.
/// </summary>
internal static class EngineLog
{
    private const string Namespace = "System.Management.Automation.";

    /// <summary>Has the engine not make what it would not write. All other entries are made under further keywords, too.</summary>
    public static void LeaveOutAnalytic()
    {
        var engine = typeof(PSObject).Assembly;
        var log = engine.GetType(Namespace + "Tracing.PSSysLogProvider")?.GetField("s_provider", BindingFlags.Static | BindingFlags.NonPublic)?.GetValue(null);
        var keywords = FieldOf(log, "_keywordFilter");
        if (keywords?.GetValue(log) is ulong wanted
            && FieldOf(log, "_channelFilter")?.GetValue(log) is byte channels
            && ValueOf(engine, "PSChannel", "Analytic") is { } analytic
            && ValueOf(engine, "PSKeyword", "Cmdlets") is { } commands
            && (channels & analytic) == 0)
        {
            keywords.SetValue(log, wanted & ~commands);
        }
    }

    private static FieldInfo? FieldOf(object? log, string name) => log?.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic);

    private static ulong? ValueOf(Assembly engine, string type, string name) =>
        engine.GetType(Namespace + "Internal." + type) is { IsEnum: true } values && values.GetField(name)?.GetRawConstantValue() is { } value ? Convert.ToUInt64(value, null) : null;
}
