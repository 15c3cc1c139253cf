using System.Collections.Specialized;

namespace QueueLog.PowerShell.Engine;

/// <summary>What the types of a session say of the objects of a type.</summary>
/// <param name="Members">The members that they give them, by their names; null for none.</param>
/// <param name="HasForm">Whether they say which properties are serialized, or that it is the text.</param>
/// <param name="HasText">Whether they say which text.</param>
/// <param name="Depth">How many levels are serialized; 0 when they do not say.</param>
/// <param name="IsRevived">Whether they are brought back to life as objects of another type.</param>
internal sealed record TypeSettings(OrderedDictionary? Members, bool HasForm = false, bool HasText = false, int Depth = 0, bool IsRevived = false)
{
    public static readonly TypeSettings None = new(Members: null);
}
