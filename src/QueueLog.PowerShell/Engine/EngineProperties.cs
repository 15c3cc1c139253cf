using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace QueueLog.PowerShell.Engine;

/// <summary>
/// What the engine's serialization keeps of an object that is no simple value and no collection: its text, the properties of the
/// object that it wraps (adapted), and those that it or its types have beside (extended).
/// </summary>
internal sealed class EngineProperties
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Func<Type, object?> primitive;
    private readonly MethodInvoker adapted;
    private readonly Func<PSMemberInfo, bool> isSerialized;
    private readonly Action<PSMemberInfo, object> replicate;
    private readonly ConstructorInvoker newAdapted;
    private readonly FieldInfo adaptedMembers;
    private readonly ConstructorInvoker newProperty;
    private readonly MethodInvoker method;
    private readonly object methods;
    private readonly MethodInvoker setAdapted;
    private readonly MethodInvoker setClr;
    private readonly Action<PSObject, bool> setDeserialized;
    private readonly Action<PSObject, string> setText;
    private readonly Action<PSObject, string> setTokenText;

    /// <exception cref="Exception">The engine is built otherwise.</exception>
    public EngineProperties()
    {
        var engine = typeof(PSObject).Assembly;
        primitive = engine.GetType("System.Management.Automation.KnownTypes")!.GetMethod("GetTypeSerializationInfo", Inside, [typeof(Type)])!.CreateDelegate<Func<Type, object?>>();
        adapted = MethodInvoker.Create(typeof(PSObject).GetMethod("GetAdaptedProperties", Inside, [])!);
        isSerialized = typeof(PSMemberInfo).GetProperty("ShouldSerialize", Inside)!.GetGetMethod(nonPublic: true)!.CreateDelegate<Func<PSMemberInfo, bool>>();
        replicate = typeof(PSMemberInfo).GetMethod("ReplicateInstance", Inside)!.CreateDelegate<Action<PSMemberInfo, object>>();
        var collection = engine.GetType("System.Management.Automation.PSMemberInfoInternalCollection`1")!.MakeGenericType(typeof(PSPropertyInfo));
        newAdapted = ConstructorInvoker.Create(collection.GetConstructor(Inside, [typeof(int)])!);
        adaptedMembers = collection.GetField("_members", Inside)!;
        newProperty = ConstructorInvoker.Create(typeof(PSProperty).GetConstructor(Inside, [typeof(string), typeof(object)])!);
        methods = typeof(PSObject).GetProperty("DotNetInstanceAdapter", Inside)!.GetValue(null)!;
        method = MethodInvoker.Create(methods.GetType().GetMethod("GetDotNetMethod", Inside, [typeof(object), typeof(string)])!.MakeGenericMethod(typeof(PSMemberInfo)));
        setAdapted = MethodInvoker.Create(Setter("AdaptedMembers"));
        setClr = MethodInvoker.Create(Setter("ClrMembers"));
        setDeserialized = Setter("IsDeserialized").CreateDelegate<Action<PSObject, bool>>();
        setText = Setter("ToStringFromDeserialization").CreateDelegate<Action<PSObject, string>>();
        setTokenText = Setter("TokenText").CreateDelegate<Action<PSObject, string>>();
        if (adaptedMembers.FieldType != typeof(OrderedDictionary))
        {
            throw new MissingMemberException();
        }
    }

    /// <summary>The text of an object, as serialization writes it.</summary>
    /// <returns>Null when it has none.</returns>
    public static string? Text(PSObject value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is not (PipelineStoppedException or OutOfMemoryException))
        {
            return null;
        }
    }

    /// <summary>Whether serialization writes a member: a property, or a set of them.</summary>
    public bool IsContent(PSMemberInfo member) => member is PSPropertyInfo or PSMemberSet && isSerialized(member);

    /// <summary>Whether serialization knows values of a type as simple ones.</summary>
    public bool IsPrimitive(Type type) => primitive(type) is not null;

    /// <summary>Reads the properties of what an object wraps.</summary>
    /// <returns>False when it has none, as a property bag.</returns>
    public bool ReadAdapted(PSObject value, PropertyValues properties)
    {
        var hasAny = false;
        if (adapted.Invoke(value) is IEnumerable<PSPropertyInfo> members)
        {
            foreach (var member in members)
            {
                if (member is PSProperty property)
                {
                    hasAny = true;
                    Read(property, properties, isOwn: false);
                }
            }
        }

        return hasAny;
    }

    /// <summary>Reads the properties that an object itself has beside those of what it wraps.</summary>
    /// <param name="members">Its members.</param>
    /// <param name="properties">Takes them.</param>
    /// <returns>False when there is a set of them.</returns>
    public static bool TryReadOwn(OrderedDictionary? members, PropertyValues properties)
    {
        for (var i = 0; i < members?.Count; i++)
        {
            var member = (PSMemberInfo)members[i]!;
            if (member is PSMemberSet)
            {
                return false;
            }

            if (member is PSPropertyInfo property)
            {
                Read(property, properties, isOwn: true);
            }
        }

        return true;
    }

    /// <summary>Reads the properties that an object's types give it.</summary>
    /// <param name="value">The object.</param>
    /// <param name="members">The members of its types.</param>
    /// <param name="own">Its own members, which come instead.</param>
    /// <param name="properties">Takes them.</param>
    /// <returns>False when there is a set of them.</returns>
    public bool TryReadTypes(PSObject value, OrderedDictionary? members, OrderedDictionary? own, PropertyValues properties)
    {
        for (var i = 0; i < members?.Count; i++)
        {
            var member = (PSMemberInfo)members[i]!;
            if (!isSerialized(member) || own?.Contains(member.Name) == true)
            {
                continue;
            }

            if (member is PSMemberSet)
            {
                return false;
            }

            if (member is PSPropertyInfo)
            {
                var property = (PSPropertyInfo)member.Copy();
                replicate(property, value);
                Read(property, properties, isOwn: false);
            }
        }

        return true;
    }

    /// <summary>Gives an object the text that it had before.</summary>
    public void SetText(PSObject value, OrderedDictionary members, string text)
    {
        setText(value, text);
        setTokenText(value, text);
        members["ToString"] = method.Invoke(methods, value, "ToString");
    }

    /// <summary>Gives an object room for properties that it had as another object, to be filled.</summary>
    public OrderedDictionary NewAdapted(PSObject value, OrderedDictionary members, int count)
    {
        setDeserialized(value, true);
        var collection = newAdapted.Invoke(count)!;
        setAdapted.Invoke(value, collection);
        setClr.Invoke(value, newAdapted.Invoke(0));
        members["GetType"] = method.Invoke(methods, value, "GetType");
        return (OrderedDictionary)adaptedMembers.GetValue(collection)!;
    }

    /// <summary>Makes a property of what was another object.</summary>
    public object NewProperty(string name, object? value) => newProperty.Invoke(name, value);

    private static MethodInfo Setter(string name) => typeof(PSObject).GetProperty(name, Inside)!.GetSetMethod(nonPublic: true)!;

    // A property that throws is left out.
    private static void Read(PSPropertyInfo property, PropertyValues properties, bool isOwn)
    {
        if (!property.IsGettable || (property is PSScriptProperty && !Runspace.CanUseDefaultRunspace))
        {
            return;
        }

        try
        {
            properties.Add(property.Name, property.Value, isOwn);
        }
        catch (ExtendedTypeSystemException)
        {
        }
    }
}
