using System.Management.Automation;
using System.Text;

namespace QueueLog.Host.Prelude.Items;

/// <summary>The names that PowerShell has for encodings.</summary>
internal static class EncodingName
{
    /// <summary>UTF-8 without a mark at the start, as everywhere in PowerShell 7.</summary>
    public static readonly Encoding Default = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public static Encoding Parse(object? name) => (name is PSObject wrapped ? wrapped.BaseObject : name) switch
    {
        null => Default,
        Encoding encoding => encoding,
        int page => Encoding.GetEncoding(page),
        var text => text.ToString()!.ToUpperInvariant() switch
        {
            "UTF8" or "UTF8NOBOM" or "DEFAULT" => Default,
            "UTF8BOM" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
            "ASCII" => Encoding.ASCII,
            "UNICODE" or "UTF16" => Encoding.Unicode,
            "BIGENDIANUNICODE" => Encoding.BigEndianUnicode,
            "UTF32" => Encoding.UTF32,
            _ => Encoding.GetEncoding(text.ToString()!),
        },
    };
}
