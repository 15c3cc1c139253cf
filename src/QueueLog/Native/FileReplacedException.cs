namespace QueueLog.Native;

/// <summary>Something else has a file's name than a moment ago.</summary>
internal sealed class FileReplacedException(string path) : IOException($"'{path}' is not the file that it was a moment ago.");
