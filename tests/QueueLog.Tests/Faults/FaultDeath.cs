using System.Globalization;
using QueueLog.FaultActor;
using QueueLog.Journal;

namespace QueueLog.Tests.Faults;

/// <summary>The end an actor is told to make.</summary>
/// <param name="Place">Where.</param>
/// <param name="Arrival">The how manieth time it comes there.</param>
internal sealed record FaultDeath(JournalFault Place, int Arrival = 1)
{
    public Ruin Ruin { get; init; }

    /// <summary>Whether arrivals count from its start on, and not only when it is told.</summary>
    public bool AtOnce { get; init; }

    /// <summary>A file with the pids of those that die with it.</summary>
    public string? Victims { get; init; }

    public string[] Arguments => [Place.ToString(), Arrival.ToString(CultureInfo.InvariantCulture), Ruin.ToString(), AtOnce ? "now" : "told", Victims ?? "-"];
}
