using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Who a listener is, and what it wants: its answer to a greeting.</summary>
internal sealed record ListenerIdentity(int Pid, string Process, string Name, string? LogPath, LogLevel MinimumLevel, JournalOffer? Journal);
