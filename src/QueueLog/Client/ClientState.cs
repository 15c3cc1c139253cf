namespace QueueLog.Client;

/// <summary>Where a client is in its life; there is no way back.</summary>
internal enum ClientState
{
    /// <summary>It takes records, whether a listener is there or one is looked for.</summary>
    Open,

    /// <summary>It takes none any more: what there is is sent.</summary>
    Closing,

    /// <summary>It has sent everything and said goodbye; what its ring still holds a listener reads.</summary>
    Left,

    /// <summary>It has ended without a listener: what was not sent is counted, and what lies in its ring is left there.</summary>
    Lost,
}
