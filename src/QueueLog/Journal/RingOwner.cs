using QueueLog.Wire;

namespace QueueLog.Journal;

/// <summary>Whose a ring is.</summary>
/// <param name="Client">The client, as it greets.</param>
/// <param name="Started">When its process started, in the system's own unit: with the pid it names one process for ever.</param>
/// <param name="EndsUnasked">Whether the process is killed when its work is done, so that its sudden end says nothing.</param>
internal sealed record RingOwner(ClientIdentity Client, long Started, bool EndsUnasked);
