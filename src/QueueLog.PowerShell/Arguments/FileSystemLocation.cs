using System.Management.Automation;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Where a session is in the file system, as the system has it.</summary>
internal static class FileSystemLocation
{
    // Not ProviderPath of the location: that has the engine look for new disks, which takes longer than all else of a warm call.
    public static string Of(SessionState session)
    {
        var location = session.Path.CurrentFileSystemLocation;
        return location.Drive is { Root.Length: > 0 } drive && !drive.CurrentLocation.StartsWith(Path.DirectorySeparatorChar)
            ? Path.Combine(drive.Root, drive.CurrentLocation)
            : location.ProviderPath;
    }
}
