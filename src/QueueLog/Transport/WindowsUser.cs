using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace QueueLog.Transport;

/// <summary>The user of this process on Windows, by the number that is the same for all of the user's processes, elevated or not.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsUser
{
    private static readonly Lazy<(string Sid, byte[] Descriptor)> Own = new(Ask);

    /// <summary>The number: no other user of this machine has it, whatever the domain.</summary>
    public static string Sid => Own.Value.Sid;

    /// <summary>Says that something belongs to the user, and that no other may open it.</summary>
    public static byte[] Descriptor => Own.Value.Descriptor;

    /// <summary>The user in words.</summary>
    public static string Name => Describe(new SecurityIdentifier(Sid));

    /// <summary>In words, whose process made the other end of a connected pipe; null where that is not told.</summary>
    public static string? OwnerOf(PipeStream pipe) =>
        pipe.GetAccessControl().GetOwner(typeof(SecurityIdentifier)) is SecurityIdentifier owner ? Describe(owner) : null;

    /// <summary>Whether the other end of a connected pipe was made by one of the user's processes.</summary>
    public static bool IsOwnerOf(PipeStream pipe) => pipe.GetAccessControl().GetOwner(typeof(SecurityIdentifier))?.Value == Sid;

    private static string Describe(SecurityIdentifier user)
    {
        try
        {
            return $"user '{user.Translate(typeof(NTAccount)).Value}'";
        }
        catch (Exception e) when (e is IdentityNotMappedException or SystemException)
        {
            // Of a domain that does not answer, say.
            return $"user {user.Value}";
        }
    }

    private static (string Sid, byte[] Descriptor) Ask()
    {
        using var identity = WindowsIdentity.GetCurrent();
        var sid = identity.User!.Value;

        // The owner is named since an elevated process would make the administrators it.
        var security = new RawSecurityDescriptor($"O:{sid}D:P(A;;FA;;;{sid})");
        var descriptor = new byte[security.BinaryLength];
        security.GetBinaryForm(descriptor, 0);
        return (sid, descriptor);
    }
}
