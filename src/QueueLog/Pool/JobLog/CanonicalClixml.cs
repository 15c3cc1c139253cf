using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace QueueLog.Pool.JobLog;

/// <summary>
/// A serialized value as a text that is the same in every process: a hashtable gives its entries in another order in each, and
/// the numbers of references follow. Of a file or folder it has the path, for reading a file changes the time of its last access.
/// </summary>
internal sealed class CanonicalClixml
{
    private readonly Dictionary<string, XElement> types = [];

    private CanonicalClixml(XElement root)
    {
        foreach (var names in root.Descendants())
        {
            if (names.Name.LocalName == "TN" && names.Attribute("RefId") is { } id)
            {
                types.TryAdd(id.Value, names);
            }
        }
    }

    public static string Of(string clixml)
    {
        try
        {
            var root = XElement.Parse(clixml);
            var text = new StringBuilder(clixml.Length);
            new CanonicalClixml(root).Append(text, root);
            return text.ToString();
        }
        catch (XmlException)
        {
            return clixml;
        }
    }

    private void Append(StringBuilder text, XElement element)
    {
        if (element.Name.LocalName == "TNRef")
        {
            element = TypesOf(element) ?? element;
        }

        text.Append('<').Append(element.Name.LocalName);
        if (element.Attribute("N") is { } name)
        {
            text.Append(' ').Append(name.Value);
        }

        text.Append('>');
        if (PathOf(element) is { } path)
        {
            text.Append(path);
        }
        else if (!element.HasElements)
        {
            text.Append(element.Value);
        }
        else if (element.Name.LocalName == "DCT")
        {
            text.AppendJoin("", element.Elements().Select(TextOf).Order(StringComparer.Ordinal));
        }
        else
        {
            foreach (var child in element.Elements())
            {
                Append(text, child);
            }
        }

        text.Append("</>");
    }

    private string TextOf(XElement element)
    {
        var text = new StringBuilder();
        Append(text, element);
        return text.ToString();
    }

    private string? PathOf(XElement element)
    {
        var names = element.Element(element.Name.Namespace + "TN") ?? (element.Element(element.Name.Namespace + "TNRef") is { } reference ? TypesOf(reference) : null);
        return names?.Elements().FirstOrDefault()?.Value is "System.IO.FileInfo" or "System.IO.DirectoryInfo"
            ? element.Descendants().FirstOrDefault(static property => (string?)property.Attribute("N") == "FullName")?.Value
            : null;
    }

    private XElement? TypesOf(XElement reference) => types.GetValueOrDefault((string?)reference.Attribute("RefId") ?? "");
}
