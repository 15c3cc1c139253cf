namespace QueueLog.Sinks.RollingFile;

/// <summary>What stands in a folder.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Length">Its bytes, where they were asked for.</param>
/// <param name="LastWrite">When it was last written, in UTC, where that was asked for.</param>
/// <param name="IsFolder">Whether it is a folder: its name is taken, and that is all.</param>
internal readonly record struct FoundFile(string Name, long Length = 0, DateTime LastWrite = default, bool IsFolder = false);
