using System.Text;

namespace QueueLog.PowerShell.Session;

/// <summary>The process's <c>[Console]</c> as it was at one moment.</summary>
internal sealed class SavedConsole
{
    private readonly TextWriter output = Console.Out;
    private readonly TextWriter error = Console.Error;
    private Encoding outputEncoding = Console.OutputEncoding;
    private Encoding inputEncoding = Console.InputEncoding;

    /// <summary>Sets the encoding by which the output of programs is read. What the process writes itself stays what the pool reads.</summary>
    public static void SetOutputEncoding(Encoding encoding)
    {
        var present = Console.OutputEncoding;
        if (present.WebName == encoding.WebName && present.Preamble.IsEmpty == encoding.Preamble.IsEmpty)
        {
            return;
        }

        var before = new SavedConsole();
        try
        {
            Console.OutputEncoding = encoding;
        }
        catch (IOException)
        {
            // A system that has no console for it.
        }

        before.RestoreWriters();
    }

    /// <summary>Goes back to it.</summary>
    public void Restore()
    {
        try
        {
            // Setting one makes a copy of it.
            if (!ReferenceEquals(Console.OutputEncoding, outputEncoding))
            {
                Console.OutputEncoding = outputEncoding;
                outputEncoding = Console.OutputEncoding;
            }

            if (!ReferenceEquals(Console.InputEncoding, inputEncoding))
            {
                Console.InputEncoding = inputEncoding;
                inputEncoding = Console.InputEncoding;
            }
        }
        catch (IOException)
        {
            // As above: then it could not be changed either.
        }

        RestoreWriters();
    }

    private void RestoreWriters()
    {
        if (!ReferenceEquals(Console.Out, output))
        {
            Console.SetOut(output);
        }

        if (!ReferenceEquals(Console.Error, error))
        {
            Console.SetError(error);
        }
    }
}
