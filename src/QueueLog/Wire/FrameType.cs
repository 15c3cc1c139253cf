namespace QueueLog.Wire;

/// <summary>What a frame carries; the numbers are part of the protocol.</summary>
internal enum FrameType : byte
{
    /// <summary>Client to listener, first frame: who is speaking.</summary>
    Hello = 1,

    /// <summary>Listener to client, answer to Hello: who is listening, and the lowest level that is wanted.</summary>
    Welcome = 2,

    /// <summary>Client to listener: a batch of records.</summary>
    Records = 3,

    /// <summary>Client to listener: answer with Flushed once everything before this is written.</summary>
    Flush = 4,

    /// <summary>Listener to client: everything before the Flush of this number is written.</summary>
    Flushed = 5,

    /// <summary>Listener to client: the listener is stopping; send what you have, then Goodbye.</summary>
    Closing = 6,

    /// <summary>Client to listener: nothing follows.</summary>
    Goodbye = 7,

    /// <summary>Client to listener, behind Hello: where its ring is, or why it has none.</summary>
    Journal = 8,

    /// <summary>Client to listener: the ring holds records, and the listener was asleep.</summary>
    Doorbell = 9,

    /// <summary>Listener to client: the ring has room again.</summary>
    Room = 10,

    /// <summary>Listener to client: the ring holds an answer that a thread sleeps for.</summary>
    Answered = 11,

    /// <summary>Listener to client: another lowest level is wanted from now on.</summary>
    Level = 12,

    /// <summary>Client to listener: it goes by the Level of this number.</summary>
    LevelTaken = 13,

    /// <summary>Client to listener: so many records more of its process are in no log, since nobody took them.</summary>
    Lost = 14,

    /// <summary>Listener to client, answer to Journal: it has the ring, or why it cannot take it.</summary>
    JournalAnswer = 15,

    /// <summary>Client to listener: records of another machine's spool, or none, to ask how far the log has them; answered by FeedTaken.</summary>
    Feed = 16,

    /// <summary>Listener to client: up to where the log has the records of a spool.</summary>
    FeedTaken = 17,

    /// <summary>Client to listener: another machine's log has not come to its end.</summary>
    FeedMissing = 18,

    /// <summary>Worker to pool, first frame: the token that proves it was started by this pool.</summary>
    WorkerHello = 32,

    /// <summary>Pool to worker, once: script blocks, arguments and session state.</summary>
    WorkDefinition = 33,

    /// <summary>Worker to pool: the definition is loaded and the worker waits for items.</summary>
    WorkerReady = 34,

    /// <summary>Pool to worker: a batch of items.</summary>
    Items = 35,

    /// <summary>Worker to pool: outputs, stream records and ends of items, in the order they happened.</summary>
    Results = 36,

    /// <summary>Pool to worker: no more items will come; end when done.</summary>
    EndOfItems = 37,

    /// <summary>Pool to worker: stop the running item and end.</summary>
    StopWork = 38,

    /// <summary>Pool to worker: give up the items of the present run and stay for the next.</summary>
    CancelRun = 39,

    /// <summary>Worker to pool, answer to CancelRun: nothing more of that run will come.</summary>
    RunCancelled = 40,

    /// <summary>Pool to worker: give back the items that are not begun; each gets an end of its own.</summary>
    Withdraw = 41,

    /// <summary>Pool to worker: stop this item, if it is still the one under way.</summary>
    StopItem = 42,

    /// <summary>Worker to pool, at once on StopWork and CancelRun, whatever its items are doing: heard, and what was finished has been sent.</summary>
    StopAcknowledged = 43,

    /// <summary>Anyone of the user's to a pool, first frame: how is it?</summary>
    PoolStatusRequest = 44,

    /// <summary>Pool to who asked, once: its state as a JSON object.</summary>
    PoolStatus = 45,

    /// <summary>Anyone of the user's to a pool, first frame: stop this item (i64, little endian), if it is under way.</summary>
    StopItemRequest = 46,

    /// <summary>Pool to who asked: whether it was (u8, 1 or 0).</summary>
    StopItemAnswer = 47,
}
