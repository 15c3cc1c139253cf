using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Security;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>The engine's own serialization, for what has no encoding here.</summary>
internal static class EngineSerializer
{
    // The engine reads no text with more objects in one another, and writes such all the same.
    private const int LevelsToTry = 40;

    // So it writes an object that it has written before, and whose wrapper is another now: as a reference within an object, which it does not read.
    private const string ReferenceToTry = "<Ref RefId=";

    /// <summary>Serializes a value.</summary>
    /// <exception cref="ValueNotSerializableException">It cannot be done, or could not be read.</exception>
    public static string Serialize(object? value)
    {
        try
        {
            var xml = PSSerializer.Serialize(value);
            if (HasLevels(xml, LevelsToTry) || xml.Contains(ReferenceToTry, StringComparison.Ordinal))
            {
                PSSerializer.Deserialize(xml);
            }

            return xml;
        }
        catch (Exception e) when (e is not (PipelineStoppedException or OutOfMemoryException))
        {
            throw new ValueNotSerializableException(e.Message, e);
        }
    }

    /// <summary>Brings a value back.</summary>
    /// <exception cref="ProtocolException">The text is none.</exception>
    public static object? Deserialize(string xml)
    {
        try
        {
            return PSSerializer.Deserialize(xml);
        }
        catch (Exception e) when (e is not (PipelineStoppedException or OutOfMemoryException))
        {
            // The engine's reader lets through whatever its conversions throw.
            throw new ProtocolException($"A serialized value cannot be read: {e.Message}");
        }
    }

    /// <summary>What the engine makes of a value of an enumeration that this session does not know.</summary>
    public static object FlattenEnum(string[] typeNames, object number, string text)
    {
        var names = string.Concat(typeNames.Select(static name => $"<T>{SecurityElement.Escape(name)}</T>"));
        var serialized = PSSerializer.Serialize(number);
        var start = serialized.IndexOf('>', StringComparison.Ordinal) + 1;
        var end = serialized.LastIndexOf('<');
        var flattened = $"<Obj RefId=\"0\"><TN RefId=\"0\">{names}</TN><ToString>{SecurityElement.Escape(text)}</ToString>{serialized.AsSpan(start, end - start)}</Obj>";
        return Deserialize(string.Concat(serialized.AsSpan(0, start), flattened, serialized.AsSpan(end)))!;
    }

    private static bool HasLevels(ReadOnlySpan<char> xml, int most)
    {
        var level = 0;
        for (var at = xml.IndexOf("Obj"); at >= 0; at = xml.IndexOf("Obj"))
        {
            var isStart = at > 0 && xml[at - 1] == '<';
            var isEnd = at > 1 && xml[at - 1] == '/' && xml[at - 2] == '<';
            level += isStart ? 1 : isEnd ? -1 : 0;
            if (level > most)
            {
                return true;
            }

            xml = xml[(at + "Obj".Length)..];
        }

        return false;
    }
}
