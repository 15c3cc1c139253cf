namespace QueueLog.Tests.Support;

/// <summary>Time zones by the names of the IANA, also on a Windows without ICU, which knows them by names of its own alone.</summary>
internal static class Zones
{
    private static readonly Dictionary<string, string> WindowsNames = new()
    {
        ["Africa/Cairo"] = "Egypt Standard Time",
        ["America/New_York"] = "Eastern Standard Time",
        ["America/Sao_Paulo"] = "E. South America Standard Time",
        ["America/St_Johns"] = "Newfoundland Standard Time",
        ["Asia/Kathmandu"] = "Nepal Standard Time",
        ["Asia/Kolkata"] = "India Standard Time",
        ["Australia/Lord_Howe"] = "Lord Howe Standard Time",
        ["Europe/Berlin"] = "W. Europe Standard Time",
        ["Pacific/Apia"] = "Samoa Standard Time",
        ["Pacific/Auckland"] = "New Zealand Standard Time",
    };

    public static bool IsKnown(string name) => TryFind(name, out _);

    /// <summary>The zone; skips the test where the system does not know it.</summary>
    public static TimeZoneInfo Find(string name)
    {
        Assert.SkipUnless(TryFind(name, out var zone), $"The system does not know the time zone {name}.");
        return zone!;
    }

    private static bool TryFind(string name, out TimeZoneInfo? zone) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone)
        || (OperatingSystem.IsWindows() && WindowsNames.TryGetValue(name, out var windowsName) && TimeZoneInfo.TryFindSystemTimeZoneById(windowsName, out zone));
}
