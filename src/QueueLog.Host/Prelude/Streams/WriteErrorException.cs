// The name under which scripts catch it.
namespace Microsoft.PowerShell.Commands;

/// <summary>What Write-Error wraps a plain message in.</summary>
public sealed class WriteErrorException(string? message) : SystemException(message);
