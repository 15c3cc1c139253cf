using QueueLog.Journal;

namespace QueueLog.Tests.Support;

/// <summary>A process is killed at a certain place; thrown there, so that everything on this side of it is forgotten.</summary>
internal sealed class SimulatedCrash(JournalFault place) : Exception($"Killed at {place}.");
