using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Encodes and decodes the part of a definition that is the session's: where scripts stand, and what they use.</summary>
internal static class SessionCodec
{
    // session   = script:place initialization:place endscript:place modules functions aliases types
    // place     = file:text line:varint column:varint namespaces:texts
    // modules   = count:varint (name:text prefix:text arguments:values commands:texts)*
    // functions = count:varint (name:text text:text isbody:u8 place)*
    // aliases   = count:varint (name:text definition:text)*
    // types     = count:varint (text:text place)*
    // texts     = count:varint text*
    public static void Write(ByteWriter writer, WorkDefinition definition)
    {
        WriteLocation(writer, definition.ScriptLocation);
        WriteLocation(writer, definition.InitializationLocation);
        WriteLocation(writer, definition.EndScriptLocation);
        writer.WriteVarInt(definition.Modules.Length);
        foreach (var module in definition.Modules)
        {
            writer.WriteText(module.Name);
            writer.WriteText(module.Prefix);
            WorkCodec.WriteBlobs(writer, module.Arguments);
            WorkCodec.WriteTexts(writer, module.Commands);
        }

        writer.WriteVarInt(definition.Functions.Length);
        foreach (var function in definition.Functions)
        {
            writer.WriteText(function.Name);
            writer.WriteText(function.Text);
            writer.WriteByte(function.IsBody ? (byte)1 : (byte)0);
            WriteLocation(writer, function.Location);
        }

        writer.WriteVarInt(definition.Aliases.Length);
        foreach (var alias in definition.Aliases)
        {
            writer.WriteText(alias.Name);
            writer.WriteText(alias.Definition);
        }

        writer.WriteVarInt(definition.Types.Length);
        foreach (var script in definition.Types)
        {
            writer.WriteText(script.Text);
            WriteLocation(writer, script.Location);
        }
    }

    /// <returns>The definition with its session.</returns>
    public static WorkDefinition Read(ref SpanReader reader, WorkDefinition definition) => definition with
    {
        ScriptLocation = ReadLocation(ref reader),
        InitializationLocation = ReadLocation(ref reader),
        EndScriptLocation = ReadLocation(ref reader),
        Modules = ReadModules(ref reader),
        Functions = ReadFunctions(ref reader),
        Aliases = ReadAliases(ref reader),
        Types = ReadTypes(ref reader),
    };

    public static void WriteLocation(ByteWriter writer, ScriptLocation place)
    {
        writer.WriteText(place.File);
        writer.WriteVarInt(place.Line);
        writer.WriteVarInt(place.Column);
        WorkCodec.WriteTexts(writer, place.Namespaces);
    }

    public static ScriptLocation ReadLocation(ref SpanReader reader) => new()
    {
        File = WorkCodec.ReadString(ref reader),
        Line = reader.ReadVarInt(),
        Column = reader.ReadVarInt(),
        Namespaces = WorkCodec.ReadTexts(ref reader),
    };

    private static CarriedModule[] ReadModules(ref SpanReader reader)
    {
        var modules = new CarriedModule[WorkCodec.ReadCount(ref reader)];
        for (var i = 0; i < modules.Length; i++)
        {
            modules[i] = new CarriedModule(WorkCodec.ReadString(ref reader), WorkCodec.ReadString(ref reader), WorkCodec.ReadBlobs(ref reader), WorkCodec.ReadTexts(ref reader));
        }

        return modules;
    }

    private static CarriedFunction[] ReadFunctions(ref SpanReader reader)
    {
        var functions = new CarriedFunction[WorkCodec.ReadCount(ref reader)];
        for (var i = 0; i < functions.Length; i++)
        {
            functions[i] = new CarriedFunction(WorkCodec.ReadString(ref reader), WorkCodec.ReadString(ref reader), reader.ReadByte() != 0, ReadLocation(ref reader));
        }

        return functions;
    }

    private static CarriedAlias[] ReadAliases(ref SpanReader reader)
    {
        var aliases = new CarriedAlias[WorkCodec.ReadCount(ref reader)];
        for (var i = 0; i < aliases.Length; i++)
        {
            aliases[i] = new CarriedAlias(WorkCodec.ReadString(ref reader), WorkCodec.ReadString(ref reader));
        }

        return aliases;
    }

    private static CarriedScript[] ReadTypes(ref SpanReader reader)
    {
        var types = new CarriedScript[WorkCodec.ReadCount(ref reader)];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = new CarriedScript(WorkCodec.ReadString(ref reader), ReadLocation(ref reader));
        }

        return types;
    }
}
