namespace QueueLog.Records;

/// <summary>Which records count together for a limit.</summary>
public enum LimitBy
{
    /// <summary>Those of one message template; without a template those of one text, whatever numbers are in it.</summary>
    Template,

    /// <summary>Those of one category.</summary>
    Category,
}
