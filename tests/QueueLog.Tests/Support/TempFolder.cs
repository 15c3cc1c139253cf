namespace QueueLog.Tests.Support;

/// <summary>A folder of its own for one test, removed with all it holds.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("queuelog-test-").FullName;

    public string Combine(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>The names of the files in the folder, or in one below it, sorted.</summary>
    public string[] FilesIn(string subfolder = "") =>
        [.. Directory.GetFiles(Combine(subfolder)).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>A file's text, read as a tail program would: without minding who has it open.</summary>
    public string Read(params string[] names)
    {
        using var stream = new FileStream(Combine(names), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A file's bytes, read in the same way.</summary>
    public byte[] ReadBytes(params string[] names)
    {
        using var file = File.OpenHandle(Combine(names), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[RandomAccess.GetLength(file)];
        return bytes[..RandomAccess.Read(file, bytes, 0)];
    }

    /// <summary>A file's lines; the last must be whole.</summary>
    public string[] ReadLines(params string[] names)
    {
        var text = Read(names);
        return text.Length == 0 ? [] : text.EndsWith('\n') ? text[..^1].Split('\n') : throw new InvalidDataException($"The last line is cut: {text}");
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // On Windows a virus scanner may still look at a file; the system's temporary folder is cleaned anyway.
        }
    }
}
