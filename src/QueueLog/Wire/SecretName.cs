using System.Net;
using System.Security;

namespace QueueLog.Wire;

/// <summary>What within a table or an object is not to be seen in a log.</summary>
internal static class SecretName
{
    /// <summary>Stands for the value.</summary>
    public const string Shown = "***";

    private static readonly string[] Words = ["password", "passwd", "passphrase", "secret", "token", "apikey", "api_key", "api-key", "credential", "connectionstring", "privatekey", "private_key"];

    /// <summary>Whether a value is a secret, by its name or its type. Numbers and the like are none: a count of tokens, say.</summary>
    public static bool Hides(string name, object? value) =>
        value is SecureString or NetworkCredential
        || (value is string { Length: > 0 } && Array.Exists(Words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));
}
