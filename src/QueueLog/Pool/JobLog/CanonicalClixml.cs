using System.Collections.Specialized;
using System.Security.Cryptography;
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

    // What references lead to. Such an object stands for itself and for every reference to it by its hash, as in CanonicalGraph.
    private readonly Dictionary<string, XElement> shared = [];
    private readonly Dictionary<string, string> hashes = [];

    // Those of them that have begun and not ended, the innermost last.
    private readonly List<string> open = [];

    private CanonicalClixml(XElement root)
    {
        var references = root.Descendants().Where(static element => element.Name.LocalName == "Ref").Select(IdOf).ToHashSet();
        foreach (var element in root.Descendants())
        {
            var id = IdOf(element);
            if (element.Name.LocalName == "TN" && id.Length > 0)
            {
                types.TryAdd(id, element);
            }
            else if (element.Name.LocalName == "Obj" && references.Contains(id))
            {
                shared.TryAdd(id, element);
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

    private static string IdOf(XElement element) => (string?)element.Attribute("RefId") ?? "";

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private void Append(StringBuilder text, XElement element)
    {
        if (element.Name.LocalName == "TNRef")
        {
            element = TypesOf(element) ?? element;
        }

        var name = element.Attribute("N");
        element = SimpleOf(element) ?? element;

        // Which of two places has the object, and which the reference, follows the order of a hashtable's entries.
        text.Append('<').Append(element.Name.LocalName is "Ref" ? "Obj" : element.Name.LocalName);
        if (name is not null)
        {
            text.Append(' ').Append(Escape(name.Value));
        }

        text.Append('>');
        if (element.Name.LocalName is "Obj" or "Ref" && shared.ContainsKey(IdOf(element)))
        {
            text.Append(HashOf(IdOf(element)));
        }
        else
        {
            AppendBody(text, element);
        }

        text.Append("</>");
    }

    private void AppendBody(StringBuilder text, XElement element)
    {
        if (PathOf(element) is { } path)
        {
            text.Append(path);
        }
        else if (!element.HasElements)
        {
            text.Append(Escape(element.Value));
        }
        else if (element.Name.LocalName == "DCT" && FirstTypeOf(element.Parent!)?.EndsWith(typeof(OrderedDictionary).FullName!, StringComparison.Ordinal) != true)
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
    }

    // A version or an address that somebody has looked at has become an object, of which it is all there is.
    private XElement? SimpleOf(XElement element)
    {
        var whole = element.Name.LocalName == "Ref" ? shared.GetValueOrDefault(IdOf(element)) : element;
        return whole?.Name.LocalName == "Obj" && whole.Elements().Take(2).ToArray() is [{ HasElements: false } only] && only.Name.LocalName is not ("MS" or "Props") ? only : null;
    }

    private string HashOf(string id)
    {
        if (open.LastIndexOf(id) is >= 0 and var level)
        {
            // It leads to what it is in.
            return $"{open.Count - level}";
        }

        if (!hashes.TryGetValue(id, out var hash))
        {
            var body = new StringBuilder();
            open.Add(id);
            AppendBody(body, shared[id]);
            open.RemoveAt(open.Count - 1);
            hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body.ToString())));
            hashes.Add(id, hash);
        }

        return hash;
    }

    private string TextOf(XElement element)
    {
        var text = new StringBuilder();
        Append(text, element);
        return text.ToString();
    }

    private string? PathOf(XElement element) => FirstTypeOf(element) is "System.IO.FileInfo" or "System.IO.DirectoryInfo"
        ? element.Descendants().FirstOrDefault(static property => (string?)property.Attribute("N") == "FullName")?.Value
        : null;

    private string? FirstTypeOf(XElement element)
    {
        var names = element.Element(element.Name.Namespace + "TN") ?? (element.Element(element.Name.Namespace + "TNRef") is { } reference ? TypesOf(reference) : null);
        return names?.Elements().FirstOrDefault()?.Value;
    }

    private XElement? TypesOf(XElement reference) => types.GetValueOrDefault(IdOf(reference));
}
