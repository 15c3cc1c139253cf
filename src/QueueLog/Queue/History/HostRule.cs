namespace QueueLog.Queue.History;

/// <summary>What a host does about a chunk, from its history.</summary>
internal static class HostRule
{
    /// <summary>For how long a chunk is given back that the host has no room for.</summary>
    public static readonly TimeSpan ReturnDelay = TimeSpan.FromSeconds(1);

    /// <summary>A claim was refused: the chunk was delivered before, or the submitter was faster.</summary>
    /// <param name="history">As it is now.</param>
    /// <param name="nonce">Of the claim.</param>
    /// <returns>Whether an earlier attempt of the same call was not refused: the chunk is this host's. Otherwise it is another's, or ended, and needs no delivery.</returns>
    public static bool IsClaimed(ChunkHistory history, long nonce) => history.End is null && history.Claim?.Nonce == nonce;

    /// <summary>Results were refused, and are not in the history either.</summary>
    /// <param name="history">As it is now.</param>
    /// <param name="nonce">Of the claim.</param>
    public static RefusalAction OnRefused(ChunkHistory history, long nonce) => history switch
    {
        { End: not null } or { Offer: null } => RefusalAction.GiveUp,
        { Claim: null } => RefusalAction.ClaimAgain,
        { Claim.Nonce: var present } => present == nonce ? RefusalAction.Repeat : RefusalAction.GiveUp,
    };
}

/// <summary>What a host does whose results were refused.</summary>
internal enum RefusalAction
{
    /// <summary>They belong behind another message: they are appended there.</summary>
    Repeat,

    /// <summary>The server has forgotten the claim, and nobody else has the chunk: it is claimed again, then the results are appended.</summary>
    ClaimAgain,

    /// <summary>The chunk was given up, or is another host's: what runs of it is stopped.</summary>
    GiveUp,
}
