namespace QueueLog.Queue;

/// <summary>
/// A server that several machines share: what it stores, delivers and compares is all that the rest of this folder asks of it.
/// Everything may be called by several threads at once.
/// </summary>
/// <remarks>
/// Every call that asks the server may throw a <see cref="QueueException"/>. With <see cref="QueueFault.Unreachable"/>, what was asked
/// may have been done all the same.
/// </remarks>
internal interface IQueueEngine : IAsyncDisposable
{
    /// <summary>What the server says of itself, as of the last time it was connected.</summary>
    QueueServer Server { get; }

    /// <summary>Whether there is a connection now, and since when.</summary>
    QueueConnection Connection { get; }

    /// <summary>States of the runs, by name. An entry stays until it is deleted.</summary>
    IQueueTable Runs { get; }

    /// <summary>Heartbeats of the hosts, by name. An entry that is not renewed for 60 s is gone.</summary>
    IQueueTable Hosts { get; }

    /// <summary>Makes what a run keeps on the server; what is there already stays as it is.</summary>
    /// <param name="run">Its name: letters, digits, <c>-</c> and <c>_</c>, at most 100.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="QueueException">As said above; <see cref="QueueFault.Unsuitable"/> where the server made something else than was asked for.</exception>
    Task<IQueueRun> CreateRunAsync(string run, CancellationToken cancellation);

    /// <summary>What a run keeps on the server; asks nothing of it. If there is no such run, its calls say <see cref="QueueFault.Gone"/>.</summary>
    IQueueRun OpenRun(string run);

    /// <summary>Removes all that a run keeps on the server, and its entry in <see cref="Runs"/>; nothing happens where there is nothing.</summary>
    Task DeleteRunAsync(string run, CancellationToken cancellation);

    /// <summary>The names of the runs that keep something on the server, whether or not they have an entry in <see cref="Runs"/>.</summary>
    Task<IReadOnlyList<string>> GetRunsAsync(CancellationToken cancellation);
}
