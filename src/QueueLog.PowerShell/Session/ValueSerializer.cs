using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>Values to bytes and back, with the semantics of <c>Start-Job</c>: what it keeps is kept, what it flattens is flattened.</summary>
internal static class ValueSerializer
{
    // Whether a wrapped value carries members of its own, as the lines of Get-Content do, is not public knowledge; should the
    // field be gone in some engine, every wrapped value takes the engine's serialization, which is slow but always right.
    private static readonly FieldInfo? InstanceMembers = typeof(PSObject).GetField("_instanceMembers", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>Encodes a value. Call it on a thread with a runspace: properties may be scripts.</summary>
    /// <exception cref="ValueNotSerializableException">It cannot be done; nothing of it is written.</exception>
    public static void Write(ByteWriter writer, object? value)
    {
        var start = writer.Length;
        if (value is PSObject wrapped && (InstanceMembers is null || InstanceMembers.GetValue(wrapped) is null))
        {
            value = wrapped.BaseObject is PSCustomObject ? wrapped : wrapped.BaseObject;
        }

        if (value is not PSObject && ValueCodec.TryWrite(writer, value))
        {
            Check(writer, start);
            return;
        }

        try
        {
            ValueCodec.WriteClixml(writer, PSSerializer.Serialize(value));
        }
        catch (Exception e) when (e is not (PipelineStoppedException or OutOfMemoryException))
        {
            writer.Truncate(start);
            throw new ValueNotSerializableException(e.Message, e);
        }

        Check(writer, start);
    }

    public static byte[] ToBytes(object? value)
    {
        var writer = new ByteWriter(64);
        Write(writer, value);
        return writer.Written.ToArray();
    }

    /// <summary>Decodes a value.</summary>
    /// <param name="bytes">The encoded value.</param>
    /// <param name="runspace">The runspace whose types are brought back to life, e.g. addresses and cultures; null for the thread's own.</param>
    /// <exception cref="ProtocolException">The bytes are no value.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes, Runspace? runspace = null)
    {
        var value = ValueCodec.Read(bytes, out var clixml);
        if (clixml is null)
        {
            return value;
        }

        var before = Runspace.DefaultRunspace;
        try
        {
            if (runspace is not null)
            {
                Runspace.DefaultRunspace = runspace;
            }

            return PSSerializer.Deserialize(clixml);
        }
        catch (Exception e) when (e is not (PipelineStoppedException or OutOfMemoryException))
        {
            // The engine's reader lets through whatever its conversions throw.
            throw new ProtocolException($"A serialized value cannot be read: {e.Message}");
        }
        finally
        {
            if (runspace is not null)
            {
                Runspace.DefaultRunspace = before;
            }
        }
    }

    private static void Check(ByteWriter writer, int start)
    {
        var length = writer.Length - start;
        if (length > ProtocolLimits.MaxRecordLength)
        {
            writer.Truncate(start);
            throw new ValueNotSerializableException($"It takes {length:N0} bytes, and {ProtocolLimits.MaxRecordLength:N0} are allowed.", null);
        }
    }
}

/// <summary>A value cannot travel between processes.</summary>
internal sealed class ValueNotSerializableException(string message, Exception? inner) : Exception(message, inner);
