using System.Management.Automation;
using System.Management.Automation.Runspaces;
using QueueLog.PowerShell.Engine;
using QueueLog.Wire;

namespace QueueLog.PowerShell.Session;

/// <summary>Values to bytes and back, with the semantics of <c>Start-Job</c>: what it keeps is kept, what it flattens is flattened.</summary>
internal static class ValueSerializer
{
    // Where the inside of the engine's objects is not known, all that is not simple takes its serialization: slow, and always right.
    // They know former shapes, and are of one thread each.
    [ThreadStatic]
    private static ObjectGraphWriter? graphWriter;

    [ThreadStatic]
    private static ObjectGraphReader? graphReader;

    /// <summary>Encodes a value. Call it on a thread with a runspace: properties may be scripts.</summary>
    /// <exception cref="ValueNotSerializableException">It cannot be done; nothing of it is written.</exception>
    public static void Write(ByteWriter writer, object? value)
    {
        var start = writer.Length;
        try
        {
            WriteAny(writer, value, start);
            if (writer.Length - start > ProtocolLimits.MaxValueLength)
            {
                throw new OutOfMemoryException();
            }
        }
        catch (Exception e) when (e is ValueNotSerializableException or OutOfMemoryException)
        {
            writer.Truncate(start);
            throw e as ValueNotSerializableException ?? new ValueNotSerializableException("It takes more memory than there is, or more than 2 GiB.", e);
        }
    }

    public static byte[] ToBytes(object? value)
    {
        var writer = new ByteWriter(64);
        Write(writer, value);
        return writer.Detach();
    }

    /// <summary>Decodes a value.</summary>
    /// <param name="bytes">The encoded value.</param>
    /// <param name="runspace">The runspace whose types are brought back to life, e.g. addresses and cultures; null for the thread's own.</param>
    /// <exception cref="ProtocolException">The bytes are no value.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes, Runspace? runspace = null)
    {
        string? clixml = null;
        if (!ValueCodec.IsGraph(bytes))
        {
            var value = ValueCodec.Read(bytes, out clixml);
            if (clixml is null)
            {
                return value;
            }
        }

        var before = Runspace.DefaultRunspace;
        try
        {
            if (runspace is not null)
            {
                Runspace.DefaultRunspace = runspace;
            }

            return clixml is not null ? EngineSerializer.Deserialize(clixml) : ReadGraph(bytes);
        }
        finally
        {
            if (runspace is not null)
            {
                Runspace.DefaultRunspace = before;
            }
        }
    }

    private static void WriteAny(ByteWriter writer, object? value, int start)
    {
        var inside = EngineObject.Instance;
        var simple = value is PSObject wrapped && inside?.IsPlain(wrapped) == true ? inside.Base(wrapped) : value;
        if (simple is not PSObject && ValueCodec.TryWrite(writer, simple))
        {
            return;
        }

        if (inside is not null)
        {
            // Taken: a script that a value's serialization runs may have values serialized itself.
            var graph = graphWriter ?? new ObjectGraphWriter(inside);
            graphWriter = null;
            try
            {
                if (graph.TryWrite(writer, value!))
                {
                    return;
                }
            }
            finally
            {
                graphWriter = graph;
            }

            writer.Truncate(start);
        }

        ValueCodec.WriteClixml(writer, EngineSerializer.Serialize(value));
    }

    private static object? ReadGraph(ReadOnlySpan<byte> bytes)
    {
        var inside = EngineObject.Instance ?? throw new ProtocolException("A graph has come to an engine that makes none.");
        var graph = graphReader ?? new ObjectGraphReader(inside);
        graphReader = null;
        try
        {
            return graph.Read(bytes);
        }
        finally
        {
            graphReader = graph;
        }
    }
}

/// <summary>A value cannot travel between processes.</summary>
internal sealed class ValueNotSerializableException(string message, Exception? inner) : Exception(message, inner);
