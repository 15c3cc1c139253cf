namespace QueueLog.PowerShell.Watch;

/// <summary>What the user has chosen to see.</summary>
internal sealed class WatchState
{
    /// <summary>Number of the chosen worker, counted from 0.</summary>
    public int Chosen { get; set; }

    /// <summary>Whether only the log of the chosen worker is shown.</summary>
    public bool IsOfWorker { get; set; }

    /// <summary>The item that the user is asked about: it is stopped when he says yes; null for none.</summary>
    public (string Worker, long Item)? Asked { get; set; }

    /// <summary>The last line instead of the keys, until another key is pressed; null for none.</summary>
    public string? Message { get; set; }
}
