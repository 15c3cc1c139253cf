namespace QueueLog.Journal;

/// <summary>Where things lie in a ring's file.</summary>
// ring   = header data
// header = magic:i64 capacity:i64 id:i64 pid:i32 flags:i32 start:i64 identity (process:text worker:text), zeros to 4096
// data   = capacity bytes, used in a circle
// entry  = record, zeros to a multiple of 8           a record is never split: see Skip
//        | skip:i32 = -1                              the rest of the circle is not used
//        | large:i32 = -2 zeros:i32 number:i64        the record lies in a file of its own
internal static class RingLayout
{
    public const long Magic = 0x31474E49524C51; // "QLRING1"

    public const int HeaderLength = 4096;
    public const int SmallestCapacity = 4096;

    // Written when the ring is made.
    public const int MagicAt = 0;
    public const int CapacityAt = 8;
    public const int IdAt = 16;
    public const int PidAt = 24;
    public const int FlagsAt = 28;
    public const int StartAt = 32;
    public const int IdentityAt = 64;
    public const int IdentityLength = 1984;

    // The writer's, on a cache line of their own.
    public const int TailAt = 2048;
    public const int DroppedAt = 2056;
    public const int ClosedAt = 2064;
    public const int AwaitedAt = 2072;
    public const int LostAt = 2080;

    // The listener's.
    public const int HeadAt = 2304;
    public const int HeadSequenceAt = 2312;
    public const int DroppedReportedAt = 2320;
    public const int AnsweredAt = 2328;
    public const int RefusedAt = 2336;
    public const int LostReportedAt = 2344;

    // Taken off by the other side.
    public const int ReaderStateAt = 2560;
    public const int RoomWantedAt = 2816;
    public const int WaiterBlockedAt = 3072;

    // Values of ReaderStateAt: looking for records; looking again in a moment; asleep until somebody rings.
    public const int Awake = 0;
    public const int Idle = 1;
    public const int Asleep = 2;

    // Value of WaiterBlockedAt while a thread sleeps until the next answer.
    public const int Blocked = 1;

    public const int Alignment = 8;
    public const int Skip = -1;
    public const int Large = -2;
    public const int LargeLength = 16;

    public static int Align(int length) => (length + (Alignment - 1)) & -Alignment;
}
