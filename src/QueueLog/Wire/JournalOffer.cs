using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Where a client is to make its ring, and what it does when that is full.</summary>
/// <param name="Folder">The log's journal folder.</param>
/// <param name="Capacity">Bytes for records.</param>
/// <param name="Overflow">What a writer does without room.</param>
/// <param name="OverflowLevel">With <see cref="OverflowMode.DropBelow"/>: the lowest level that is not left out.</param>
internal sealed record JournalOffer(string Folder, int Capacity, OverflowMode Overflow, LogLevel OverflowLevel);
