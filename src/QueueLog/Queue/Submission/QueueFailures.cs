using QueueLog.Pool;
using QueueLog.Queue.Hosts;

namespace QueueLog.Queue.Submission;

/// <summary>No host has begun to work for the run.</summary>
/// <param name="Hosts">The hosts there are, each in place of a run, and why they do not.</param>
internal sealed record NoHostTakesPart(HostRefusal[] Hosts) : RunFailure;

/// <summary>The server could not make or keep what the run needs.</summary>
internal sealed record QueueFailed(QueueFault Fault, string Reason) : RunFailure;

/// <summary>Another submitter goes on with the run.</summary>
internal sealed record RunSuperseded(string Machine) : RunFailure;
