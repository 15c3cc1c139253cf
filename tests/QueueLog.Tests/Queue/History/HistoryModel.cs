using QueueLog.Queue.History;
using QueueLog.Records;

namespace QueueLog.Tests.Queue.History;

/// <summary>A server, hosts and submitters that do nothing but what the rules say, in steps of chance.</summary>
internal sealed class HistoryModel(HistoryModelOptions options)
{
    private readonly List<ModelHost> hosts = [.. Enumerable.Range(0, 3).Select(number => new ModelHost($"h{number}"))];
    private readonly ModelServer server = new();
    private readonly Dictionary<long, int> begun = [];
    private readonly Dictionary<long, int> losses = [];

    // What the job log has.
    private readonly HashSet<long> ended = [];
    private ModelSubmitter submitter = new("s0", options.Items, []);
    private int lives;
    private long nonces;
    private bool hasLost;

    public void Step(HistoryModelStep step)
    {
        var host = hosts[step.Who % hosts.Count];
        switch (step.Kind)
        {
            case HistoryStepKind.Offer:
                Offer(step.Chance % 3 + 1);
                break;
            case HistoryStepKind.Deliver when !host.IsFrozen:
                Deliver(host, step.Chance);
                break;
            case HistoryStepKind.Begin when !host.IsFrozen:
                Begin(host);
                break;
            case HistoryStepKind.Report when !host.IsFrozen:
                Report(host, step.Chance);
                break;
            case HistoryStepKind.Freeze:
                host.IsFrozen = !host.IsFrozen;
                break;
            case HistoryStepKind.Die:
                Die(host);
                break;
            case HistoryStepKind.GiveUp when host.IsFrozen:
                GiveUp((_, claim) => claim.Host == host.Name);
                break;
            case HistoryStepKind.Read:
                Read(step.Chance % 5 + 1);
                break;
            case HistoryStepKind.Resume:
                Resume();
                break;
            case HistoryStepKind.Lose when options.LosesMessages:
                hasLost |= server.LoseLast();
                break;
        }
    }

    /// <summary>Lets everything come to its end.</summary>
    public void Finish()
    {
        hosts.ForEach(static host => host.IsFrozen = false);
        for (var round = 0; ended.Count < options.Items; round++)
        {
            Assert.True(round < 300, $"only {ended.Count} of {options.Items} items have ended");
            Offer(2);
            foreach (var host in hosts)
            {
                Deliver(host, round);
                Begin(host);
                Report(host, 0);
            }

            Read(int.MaxValue);
            Sweep();

            // Its heartbeats say what a host has.
            GiveUp((chunk, claim) => hosts.Find(host => host.Name == claim.Host) is var host && (host!.Incarnation != claim.Incarnation || host.Held.GetValueOrDefault(chunk)?.Nonce != claim.Nonce));
        }

        foreach (var (item, times) in begun)
        {
            // Nothing but a server that keeps what it has acknowledged can keep that.
            Assert.True(hasLost || times <= 1 + options.Rule.Retries, $"item {item} was begun {times} times");
            Assert.True(hasLost || losses.GetValueOrDefault(item) <= options.Rule.MostDeaths, $"item {item} has cost {losses.GetValueOrDefault(item)} hosts");
        }
    }

    private void Offer(int size)
    {
        while (submitter.Waiting.Count > 0)
        {
            var items = submitter.Dequeue(size);
            var offer = new ChunkOffer(submitter.Name, items);
            var chunk = $"{submitter.Name}-{submitter.Count++}";
            submitter.Ledger.Own(chunk, server.Append(chunk, 0, offer), offer);
        }
    }

    // Any chunk may be delivered at any time, as often as the server likes.
    private void Deliver(ModelHost host, int chance)
    {
        if (server.Offers is not { Length: > 0 } offers)
        {
            return;
        }

        var (offer, chunk, content) = offers[chance % offers.Length];
        var nonce = ++nonces;
        if (server.Append(chunk, offer, new ChunkClaim(host.Name, host.Incarnation, nonce)) is var sequence and not 0)
        {
            host.Held[chunk] = new ModelHold(nonce, new Queue<OfferedItem>(content.Items)) { Sequence = sequence };
        }
        else
        {
            Assert.False(HostRule.IsClaimed(server.HistoryOf(chunk), nonce));
        }
    }

    private void Begin(ModelHost host)
    {
        foreach (var hold in host.Held.Values)
        {
            if (hold.Waiting.TryDequeue(out var item))
            {
                begun[item.Index] = begun.GetValueOrDefault(item.Index) + 1;
                hold.Begun.Add(item);
            }
        }
    }

    private void Report(ModelHost host, int chance)
    {
        foreach (var (chunk, hold) in host.Held.ToList())
        {
            var status = chance % 4 == 3 ? ItemStatus.Failed : ItemStatus.Completed;
            var report = new Report([new ResultsPart("w", default, [.. hold.Begun.Select(item => new ReportedEnd(item.Index, status, 1))])]);
            HistoryEvent message = hold.Waiting.Count == 0 ? new ChunkEnd(hold.Nonce, EndReason.Done, report) : new ChunkResults(hold.Nonce, report);
            if (!TryAppend(host, chunk, hold, message) || message is ChunkEnd)
            {
                host.Held.Remove(chunk);
            }

            hold.Begun.Clear();
        }
    }

    private bool TryAppend(ModelHost host, string chunk, ModelHold hold, HistoryEvent message)
    {
        while (true)
        {
            if (server.Append(chunk, hold.Sequence, message) is var sequence and not 0)
            {
                hold.Sequence = sequence;
                return true;
            }

            var history = server.HistoryOf(chunk);
            switch (HostRule.OnRefused(history, hold.Nonce))
            {
                case RefusalAction.Repeat:
                    hold.Sequence = history.LastSequence;
                    break;
                case RefusalAction.ClaimAgain:
                    hold.Sequence = server.Append(chunk, history.LastSequence, new ChunkClaim(host.Name, host.Incarnation, hold.Nonce));
                    break;
                default:
                    return false;
            }
        }
    }

    private void Die(ModelHost host)
    {
        foreach (var item in host.Held.Values.Where(static hold => hold.IsAlone).SelectMany(static hold => hold.Begun))
        {
            losses[item.Index] = losses.GetValueOrDefault(item.Index) + 1;
        }

        host.Begin($"{++lives}");
    }

    private void GiveUp(Func<string, ChunkClaim, bool> isLost)
    {
        foreach (var (chunk, history) in submitter.Ledger.Chunks.Where(chunk => chunk.Value.Claim is { } claim && isLost(chunk.Key, claim)))
        {
            server.Append(chunk, history.LastSequence, ChunkLedger.GivenUp(history.Claim));
        }
    }

    private void Read(int count)
    {
        for (; count > 0 && server.Next(submitter.Position) is var (sequence, chunk, message); count--)
        {
            submitter.Position = sequence;
            if (submitter.Ledger.Apply(chunk, sequence, message) is not { } history)
            {
                continue;
            }

            var report = message is ChunkResults results ? results.Report : message is ChunkEnd last ? last.Report : QueueLog.Queue.History.Report.Empty;
            foreach (var end in report.Parts.OfType<ResultsPart>().SelectMany(static part => part.Ends))
            {
                if (submitter.Ledger.EndItem(chunk, end.Index, end.Status, options.Rule) is var (item, fate))
                {
                    Follow(item, fate);
                }
            }

            if (history.End is not null)
            {
                submitter.Ledger.Close(chunk, options.Rule).ForEach(open => Follow(open.Item, open.Fate));
            }
        }
    }

    private void Follow(OfferedItem item, ItemFate fate)
    {
        if (fate.Next == ItemNext.End)
        {
            // What the job log has, a submitter that resumes does not ask for.
            Assert.True(ended.Add(item.Index) || submitter.Done.Contains(item.Index), $"item {item.Index} ended twice");
        }
        else if (!submitter.Done.Contains(item.Index))
        {
            submitter.Waiting.Enqueue(fate.Next == ItemNext.TryAgain ? item with { Attempt = item.Attempt + 1, Deaths = fate.Deaths } : item);
        }
    }

    // Takes back what nobody has claimed; of what was claimed the histories tell.
    private void Resume()
    {
        submitter = new ModelSubmitter($"s{++lives}", options.Items, [.. ended]);
        foreach (var chunk in server.Chunks)
        {
            if (server.HistoryOf(chunk) is { Claim: null, End: null } history)
            {
                server.Append(chunk, history.LastSequence, ChunkLedger.GivenUp(history.Claim));
            }
        }

        foreach (var (sequence, chunk, offer) in server.Offers)
        {
            submitter.Ledger.Own(chunk, sequence, offer);
            submitter.Forget(offer.Items);
        }
    }

    // What the server tells when it is asked is not what it has told: it has forgotten something, and given its place to something else.
    private void Sweep()
    {
        foreach (var (chunk, history) in submitter.Ledger.Chunks.ToList())
        {
            var present = server.HistoryOf(chunk);
            if (!history.IsSame(present))
            {
                Assert.True(hasLost);
                server.Append(chunk, present.LastSequence, ChunkLedger.GivenUp(history.Claim));
                submitter.Ledger.GiveUp(chunk, options.Rule).ForEach(open => Follow(open.Item, open.Fate));
            }
        }
    }
}
