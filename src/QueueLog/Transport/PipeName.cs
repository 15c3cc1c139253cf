using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace QueueLog.Transport;

/// <summary>Turns the name of a listener or pool into the full address any program can open.</summary>
internal static class PipeName
{
    public const string WindowsPrefix = @"\\.\pipe\";

    /// <summary>How all of this module's pipes begin on Windows, and the files named for them.</summary>
    public const string WindowsStart = "QueueLog.";

    // sun_path has 108 bytes on Linux and 104 on macOS, the closing zero included.
    private static readonly int MaxSocketPathBytes = OperatingSystem.IsMacOS() ? 103 : 107;

    /// <summary>The address for a bare name: a socket in the state folder, or on Windows a pipe of that user and that folder.</summary>
    /// <exception cref="PipeNameException">The name is empty, has an illegal character, or is too long.</exception>
    public static string ToAddress(string name) => ToAddress(name, StateFolder.Default);

    /// <summary>The same for another state folder.</summary>
    /// <exception cref="PipeNameException">The name is empty, has an illegal character, or is too long.</exception>
    internal static string ToAddress(string name, string stateFolder)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new PipeNameException(name, PipeNameFault.Empty, "A pipe name cannot be empty.");
        }

        foreach (var c in name)
        {
            if (char.IsControl(c) || c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|')
            {
                throw new PipeNameException(name, PipeNameFault.IllegalCharacter, $"The pipe name '{name}' holds the character {Show(c)}, which a pipe name cannot have.");
            }
        }

        if (OperatingSystem.IsWindows())
        {
            var address = $"{WindowsPrefix}{WindowsStart}{OwnerOf(stateFolder)}.{name}";
            return address.Length <= 256 ? address : throw TooLong(name, address.Length, 256);
        }

        var path = Path.Combine(stateFolder, name + SocketFiles.Extension);
        var bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes <= MaxSocketPathBytes)
        {
            return path;
        }

        // Where the folder leaves no room for a name as short as those a listener makes for itself, no other name helps.
        const int RoomForName = 16;
        throw Encoding.UTF8.GetByteCount(stateFolder) > MaxSocketPathBytes - RoomForName
            ? new PipeNameException(name, PipeNameFault.TooLong, $"The folder '{stateFolder}' is too long for the socket '{name}': its address has {bytes} bytes, and this system allows {MaxSocketPathBytes}. Set QUEUELOG_STATE to a folder with a shorter path.")
            : TooLong(name, bytes, MaxSocketPathBytes);
    }

    /// <summary>What .NET's pipe classes want for an address: a path on Unix, the name without its prefix on Windows.</summary>
    public static string ToStreamName(string address) =>
        OperatingSystem.IsWindows() && address.StartsWith(WindowsPrefix, StringComparison.OrdinalIgnoreCase)
            ? address[WindowsPrefix.Length..]
            : address;

    // All users of a machine share the names of pipes, and nothing but the name tells two state folders apart.
    [SupportedOSPlatform("windows")]
    private static string OwnerOf(string stateFolder)
    {
        var folder = Path.TrimEndingDirectorySeparator(stateFolder).ToUpperInvariant();
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{WindowsUser.Sid}|{folder}")))[..16].ToLowerInvariant();
    }

    private static PipeNameException TooLong(string name, int length, int limit) =>
        new(name, PipeNameFault.TooLong, $"The pipe name is too long: its address has {length} bytes, and this system allows {limit}.");

    private static string Show(char c) => char.IsControl(c) ? $"U+{(int)c:X4}" : $"'{c}'";
}

/// <summary>A pipe name that cannot be used.</summary>
public sealed class PipeNameException(string name, PipeNameFault fault, string message) : Exception(message)
{
    /// <summary>The name as it was given.</summary>
    public string Name { get; } = name;

    /// <summary>What is wrong with it.</summary>
    public PipeNameFault Fault { get; } = fault;
}

/// <summary>Why a pipe name cannot be used.</summary>
public enum PipeNameFault
{
    /// <summary>Empty, or only white space.</summary>
    Empty,

    /// <summary>It holds a path separator, a control character or another character no file name may have.</summary>
    IllegalCharacter,

    /// <summary>The socket path it leads to is longer than the system allows (107 bytes on Linux, 103 on macOS).</summary>
    TooLong,
}
