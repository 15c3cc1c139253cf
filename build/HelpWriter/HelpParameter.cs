namespace QueueLog.HelpWriter;

internal sealed record HelpParameter(string Name, IReadOnlyList<string> Description, IReadOnlyList<HelpParameterUse> Uses)
{
    /// <summary>How the parameter is used in a set, or null where it is no part of it.</summary>
    public HelpParameterUse? In(string parameterSet) => Uses.FirstOrDefault(use => use.IsIn(parameterSet));
}
