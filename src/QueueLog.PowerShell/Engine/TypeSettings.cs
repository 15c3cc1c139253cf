namespace QueueLog.PowerShell.Engine;

/// <summary>What the types of a session say of the objects of a type.</summary>
/// <param name="HasMembers">Whether they give them members.</param>
/// <param name="HasForm">Whether they say which properties are serialized, or that it is the text.</param>
/// <param name="HasText">Whether they say which text.</param>
/// <param name="Depth">How many levels are serialized; 0 when they do not say.</param>
/// <param name="IsRevived">Whether they are brought back to life as objects of another type.</param>
internal sealed record TypeSettings(bool HasMembers, bool HasForm, bool HasText, int Depth, bool IsRevived)
{
    public static readonly TypeSettings None = new(HasMembers: false, HasForm: false, HasText: false, Depth: 0, IsRevived: false);

    public static readonly TypeSettings MembersOnly = None with { HasMembers = true };
}
