namespace QueueLog.Reading;

/// <summary>What it means that a file has no more bytes.</summary>
internal enum EndOfData
{
    /// <summary>More may come at any moment, and may belong to what is there.</summary>
    More,

    /// <summary>Nothing has come for a while: whole lines are whole entries.</summary>
    Quiet,

    /// <summary>That was all.</summary>
    Final,
}
