using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using QueueLog.Native;
using static QueueLog.Native.Libc;

namespace QueueLog.Transport;

/// <summary>Whose a pipe is, in words, for those who may not connect to it.</summary>
internal static class PipeOwner
{
    // More than any system's struct passwd has; its first field is the name.
    private const int EntryLength = 256;
    private const int TextLength = 16 * 1024;

    /// <summary>The user of this process.</summary>
    public static string Self => OperatingSystem.IsWindows() ? WindowsUser.Name : NameOf(FileStatus.User);

    /// <summary>A connection was made, and somebody else listens.</summary>
    public static ForeignPipeException Refusal(string address, Stream connected) => new(
        address,
        OperatingSystem.IsWindows() ? WindowsUser.OwnerOf((PipeStream)connected)
        : PipeSystem.UserOf(connected) is { } user ? NameOf(user)
        : null);

    /// <summary>The system has refused to connect.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="refusal">What it said.</param>
    /// <returns>The exception to throw: what the system said where that is no matter of users.</returns>
    public static UnauthorizedAccessException Refusal(string address, UnauthorizedAccessException refusal)
    {
        if (OperatingSystem.IsWindows())
        {
            // The owner can open its own pipe, elevated or not. Whose another's is may be asked only by who may open it.
            return new ForeignPipeException(address, owner: null);
        }

        return UserWhoRefuses(address) is { } user ? new ForeignPipeException(address, NameOf(user)) : refusal;
    }

    // The first folder on the way up that can be looked at is the one that lets nobody in but its owner.
    [UnsupportedOSPlatform("windows")]
    private static uint? UserWhoRefuses(string address)
    {
        for (string? path = address; !string.IsNullOrEmpty(path); path = Path.GetDirectoryName(path))
        {
            if (FileStatus.Of(path) is { } status)
            {
                return status.Owner == FileStatus.User ? null : status.Owner;
            }
        }

        return null;
    }

    [UnsupportedOSPlatform("windows")]
    private static unsafe string NameOf(uint user)
    {
        var entry = stackalloc nint[EntryLength / sizeof(nint)];
        var text = new byte[TextLength];
        fixed (byte* texts = text)
        {
            var isKnown = getpwuid_r(user, entry, texts, TextLength, out var found) == 0 && found != 0;
            return isKnown && Marshal.PtrToStringUTF8(entry[0]) is { Length: > 0 } name ? $"user '{name}'" : $"user {user}";
        }
    }
}

/// <summary>A pipe is another user's, and only that user's processes may connect.</summary>
/// <param name="address">The pipe.</param>
/// <param name="owner">Whose it is, as a user would say it; null where the system does not tell.</param>
internal sealed class ForeignPipeException(string address, string? owner)
    : UnauthorizedAccessException($"The listener at '{address}' belongs to {owner ?? "another user"}, and only processes of that user may connect to it; this one runs as {PipeOwner.Self}.")
{
    public string? Owner { get; } = owner;
}
