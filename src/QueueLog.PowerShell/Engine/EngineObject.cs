using System.Collections;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace QueueLog.PowerShell.Engine;

/// <summary>
/// The inside of the engine's objects, as its own serialization sees it: the members of an object itself, without those that types
/// give it, are not public. Where an engine keeps them elsewhere, <see cref="Instance"/> is null.
/// </summary>
internal sealed class EngineObject
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The set in which a type says how its objects are shown and serialized.</summary>
    private const string StandardMembers = "PSStandardMembers";

    private static readonly string[] FormSettings = ["SerializationMethod", "PropertySerializationSet", "InheritPropertySerializationSet"];

    private readonly FieldInfo instanceMembers;
    private readonly FieldInfo members;
    private readonly FieldInfo ownTypeNames;
    private readonly FieldInfo immediateBase;
    private readonly ConstructorInvoker newMembers;
    private readonly ConstructorInfo newTypeNames;
    private readonly Func<PSObject, Collection<string>> typeNames;
    private readonly Func<PSObject, object> immediateBaseObject;
    private readonly Func<PSObject, bool> isDeserialized;
    private readonly Func<PSObject, string?> deserializedText;
    private readonly Func<PSObject, string?> tokenText;
    private readonly Func<PSObject, TypeTable?> typeTable;
    private readonly Func<PSObject, TypeTable?, Type?> targetType;
    private readonly Func<PSObject, TypeTable?, string, PSMemberInfo?> standardMember;
    private readonly MethodInvoker typeMembers;
    private readonly MethodInfo hasMembers;
    private readonly Action<string> hasInstanceMember;

    // By the members of types, which the engine keeps as long as nobody changes a type.
    private readonly ConditionalWeakTable<object, TypeSettings> settings = new();

    private EngineObject()
    {
        var type = typeof(PSObject);
        instanceMembers = type.GetField("_instanceMembers", Inside)!;
        members = instanceMembers.FieldType.GetField("_members", Inside)!;
        newMembers = ConstructorInvoker.Create(instanceMembers.FieldType.GetConstructor(Inside, [])!);
        ownTypeNames = type.GetField("_typeNames", Inside)!;
        immediateBase = type.GetField("_immediateBaseObject", Inside)!;
        newTypeNames = ownTypeNames.FieldType.GetConstructor(Inside, [typeof(IEnumerable<string>), typeof(bool)])!;
        typeNames = Getter<Func<PSObject, Collection<string>>>("InternalTypeNames");
        immediateBaseObject = Getter<Func<PSObject, object>>("ImmediateBaseObject");
        isDeserialized = Getter<Func<PSObject, bool>>("IsDeserialized");
        deserializedText = Getter<Func<PSObject, string?>>("ToStringFromDeserialization");
        tokenText = Getter<Func<PSObject, string?>>("TokenText");
        typeTable = type.GetMethod("GetTypeTable", Inside, [])!.CreateDelegate<Func<PSObject, TypeTable?>>();
        targetType = type.GetMethod("GetTargetTypeForDeserialization", Inside, [typeof(TypeTable)])!.CreateDelegate<Func<PSObject, TypeTable?, Type?>>();
        standardMember = type.GetMethod("GetPSStandardMember", Inside, [typeof(TypeTable), typeof(string)])!.CreateDelegate<Func<PSObject, TypeTable?, string, PSMemberInfo?>>();
        var membersOfTypes = Array.Find(typeof(TypeTable).GetMethods(Inside), static method => method is { Name: "GetMembers", IsGenericMethodDefinition: false })!;
        typeMembers = MethodInvoker.Create(membersOfTypes);
        hasMembers = type.GetMethod("HasInstanceMembers", Inside)!;
        hasInstanceMember = type.Assembly.GetType("System.Management.Automation.Language.PSGetMemberBinder")!
            .GetMethod("SetHasInstanceMember", Inside, [typeof(string)])!.CreateDelegate<Action<string>>();
        if (members.FieldType != typeof(OrderedDictionary) || membersOfTypes.ReturnType != instanceMembers.FieldType || hasMembers is null)
        {
            throw new MissingMemberException();
        }

        Properties = new EngineProperties();
    }

    /// <summary>Null when the engine is built otherwise.</summary>
    public static EngineObject? Instance { get; } = TryCreate();

    /// <summary>The properties that serialization keeps.</summary>
    public EngineProperties Properties { get; }

    /// <summary>The members that an object has itself and that are serialized, in their order, by their names; null for none.</summary>
    public OrderedDictionary? Members(PSObject value)
    {
        var collection = instanceMembers.GetValue(value);
        if (collection is null && Base(value) is not (PSCustomObject or string))
        {
            // What another wrapper of the same object has added is this one's, too.
            object?[] arguments = [value, null];
            hasMembers.Invoke(null, arguments);
            collection = arguments[1];
        }

        return collection is not null && members.GetValue(collection) is OrderedDictionary { Count: > 0 } found ? Serialized(found) : null;
    }

    /// <summary>What it wraps, which may be another wrapper; an object that is nothing but its own members wraps a <see cref="PSCustomObject"/>.</summary>
    public object Base(PSObject value) => immediateBaseObject(value);

    /// <summary>The names of its types. They are read-only as long as they are those of what it wraps.</summary>
    public Collection<string> TypeNames(PSObject value) => typeNames(value);

    /// <summary>Whether it carries what an earlier serialization has made of it: properties that are no members of its own, or a text.</summary>
    public bool IsFlattened(PSObject value) => isDeserialized(value) || deserializedText(value) is not null;

    /// <summary>The text that an earlier serialization has given it; null for none.</summary>
    public string? FlattenedText(PSObject value) => deserializedText(value);

    /// <summary>Whether there is no more to it than what it wraps, nor a text of how that was written in a script, as 0x10 has.</summary>
    public bool IsPlain(PSObject value) => Members(value) is null && HasOwnTypes(value) && tokenText(value) is null && !IsFlattened(value);

    /// <summary>Whether its types are those of what it wraps.</summary>
    public bool HasOwnTypes(PSObject value) => ((ICollection<string>)typeNames(value)).IsReadOnly;

    /// <summary>Whether it remembers how it was written in a script.</summary>
    public bool HasTokenText(PSObject value) => tokenText(value) is not null;

    /// <summary>What the session's types say of objects like this one.</summary>
    public TypeSettings TypeData(PSObject value)
    {
        if (typeTable(value) is not { } table || typeMembers.Invoke(table, typeNames(value)) is not { } found || members.GetValue(found) is not OrderedDictionary { Count: > 0 } all)
        {
            return TypeSettings.None;
        }

        return settings.TryGetValue(found, out var known) ? known : settings.GetValue(found, _ => ReadSettings(value, all));
    }

    /// <summary>The type that objects like this one are brought back to life as; null for none.</summary>
    public Type? TargetType(PSObject value) => TypeData(value).IsRevived ? targetType(value, null) : null;

    /// <summary>Makes names of types, to be shared by many objects.</summary>
    public object NewTypeNames(IEnumerable<string> names) => newTypeNames.Invoke([names, true]);

    /// <summary>Gives an object names of types.</summary>
    /// <param name="value">The object.</param>
    /// <param name="names">What <see cref="NewTypeNames"/> made.</param>
    public void SetTypeNames(PSObject value, object names) => ownTypeNames.SetValue(value, names);

    /// <summary>Has an object wrap something else of the same type.</summary>
    public void SetBase(PSObject value, object wrapped) => immediateBase.SetValue(value, wrapped);

    /// <summary>Gives a new object room for members of its own, to be filled, which asks nobody: see <see cref="Announce"/>.</summary>
    public OrderedDictionary NewMembers(PSObject value, int count)
    {
        var all = new OrderedDictionary(count, StringComparer.OrdinalIgnoreCase);
        var collection = newMembers.Invoke();
        members.SetValue(collection, all);
        instanceMembers.SetValue(value, collection);
        return all;
    }

    /// <summary>Tells the engine, once, that there are objects with a member of this name.</summary>
    public void Announce(string name) => hasInstanceMember(name);

    // Who looks at an object's psobject or makes a text of it adds sets like that to its members: they are none of its content.
    private OrderedDictionary? Serialized(OrderedDictionary all)
    {
        var count = 0;
        for (var i = 0; i < all.Count; i++)
        {
            count += Properties.IsContent((PSMemberInfo)all[i]!) ? 1 : 0;
        }

        if (count == all.Count || count == 0)
        {
            return count == 0 ? null : all;
        }

        var content = new OrderedDictionary(count, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i] is PSMemberInfo member && Properties.IsContent(member))
            {
                content.Add(member.Name, member);
            }
        }

        return content;
    }

    private TypeSettings ReadSettings(PSObject value, OrderedDictionary all)
    {
        return !all.Contains(StandardMembers) ? new TypeSettings(all) : new TypeSettings(all, Array.Exists(FormSettings, Has), Has("StringSerializationSource"), Find("SerializationDepth")?.Value as int? ?? 0, Has("TargetTypeForDeserialization"));

        bool Has(string name) => Find(name) is not null;

        // An object may have a set of its own, for how it is shown, which comes where the type says nothing.
        PSMemberInfo? Find(string name) => standardMember(value, null, name) is { } found and not PSMemberSet ? found : null;
    }

    private static EngineObject? TryCreate()
    {
        try
        {
            return new EngineObject();
        }
        catch (Exception e) when (e is NullReferenceException or MissingMemberException or ArgumentException or AmbiguousMatchException or TargetInvocationException or InvalidOperationException)
        {
            return null;
        }
    }

    private static T Getter<T>(string name)
        where T : Delegate => typeof(PSObject).GetProperty(name, Inside)!.GetMethod!.CreateDelegate<T>();
}
