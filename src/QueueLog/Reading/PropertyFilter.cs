namespace QueueLog.Reading;

/// <summary>A test of one property.</summary>
/// <param name="Name">Its name in UTF-8, case ignored.</param>
/// <param name="IsWanted">Tests its value; asked with null where the record has no such property.</param>
internal sealed record PropertyFilter(byte[] Name, Func<object?, bool> IsWanted);
