namespace QueueLog.Tests.Support;

/// <summary>The tests that measure or limit the whole process: no other test runs beside them.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
