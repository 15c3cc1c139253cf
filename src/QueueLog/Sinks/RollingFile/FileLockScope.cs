namespace QueueLog.Sinks.RollingFile;

/// <summary>Where file locks live and on whose behalf they are taken.</summary>
/// <param name="StateFolder">The user's state folder.</param>
/// <param name="PipeAddress">The address of the listener that owns the files, for those it turns away.</param>
internal sealed record FileLockScope(string StateFolder, string PipeAddress);
