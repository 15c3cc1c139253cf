using System.Text.Json;
using QueueLog.Bench.Compare;

namespace QueueLog.Bench.Processes;

/// <summary>Turns the answer of a pool script into the unit of its contest.</summary>
internal static class PoolFigure
{
    public static double Of(Contest contest, JsonElement answer, int items)
    {
        if (answer.GetProperty("items").GetInt32() != items)
        {
            throw new WrongResultException($"{answer.GetProperty("items")} items where {items} were asked for");
        }

        var seconds = answer.GetProperty("seconds").GetDouble();
        return contest == Contest.Strings || contest.Unit == Contest.Items.Unit || contest.Unit == Contest.Log.Unit ? items / seconds
            : contest == Contest.RoundTrip || contest == Contest.LongRoundTrip ? seconds * 1000 / items
            : seconds * 1000;
    }
}
