namespace QueueLog.Tests.Journal;

/// <summary>One thing that happens to a log.</summary>
/// <param name="Kind">What.</param>
/// <param name="Writer">Whose, of those that are there.</param>
/// <param name="Size">How long a record's message is.</param>
/// <param name="Place">Which of the places of a crash.</param>
/// <param name="Chance">Decides what remains open: how much was written, which heads had moved.</param>
internal readonly record struct ModelStep(ModelStepKind Kind, int Writer, int Size, int Place, int Chance);
