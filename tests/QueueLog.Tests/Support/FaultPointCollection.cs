namespace QueueLog.Tests.Support;

/// <summary>The tests that listen at the fault points, of which there is one for the process: one test at a time.</summary>
[CollectionDefinition(nameof(FaultPointCollection))]
public sealed class FaultPointCollection;
