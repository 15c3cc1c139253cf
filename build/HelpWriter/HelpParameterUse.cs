namespace QueueLog.HelpWriter;

/// <summary>What a parameter is in the sets named; there is more than one use when sets differ.</summary>
internal sealed record HelpParameterUse
{
    public const string AllSets = "(All)";

    public required string Type { get; init; }

    public required IReadOnlyList<string> ParameterSets { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    public required bool Required { get; init; }

    /// <summary>A number or "Named".</summary>
    public required string Position { get; init; }

    public required string Default { get; init; }

    /// <summary>"False", or "True (ByValue)", "True (ByPropertyName)" or both.</summary>
    public required string Pipeline { get; init; }

    public required bool Wildcards { get; init; }

    public bool IsIn(string parameterSet) => ParameterSets.Contains(AllSets) || ParameterSets.Contains(parameterSet);
}
