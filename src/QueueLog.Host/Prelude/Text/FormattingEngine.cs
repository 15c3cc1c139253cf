using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace QueueLog.Host.Prelude.Text;

/// <summary>
/// The engine has all of the formatting; only the commands in front of it are missing, and what they would set is not
/// public. This is the one place that sets it.
/// </summary>
internal static class FormattingEngine
{
    private const string Namespace = "Microsoft.PowerShell.Commands.Internal.Format.";
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
    private static readonly Assembly Engine = typeof(PSObject).Assembly;

    /// <summary>Lets a command give its input as a Table, a List, Wide or Complex.</summary>
    public static void Shape(FrontEndCommandBase command, string shape) =>
        Implement(command, New("InnerFormatShapeCommand", Enum.Parse(Engine.GetType(Namespace + "FormatShape", true)!, shape)));

    /// <summary>Lets a command write its input, formatted, to a writer of so many columns.</summary>
    public static void WriteTo(FrontEndCommandBase command, TextWriter writer, int columns)
    {
        var output = New("OutputManagerInner");
        output.GetType().GetProperty("LineOutput", Hidden)!.SetValue(output, New("TextWriterLineOutput", writer, columns));
        Implement(command, output);
    }

    private static void Implement(FrontEndCommandBase command, object implementation) =>
        typeof(FrontEndCommandBase).GetField("implementation", Hidden)!.SetValue(command, implementation);

    private static object New(string type, params object[] arguments) =>
        Activator.CreateInstance(Engine.GetType(Namespace + type, true)!, Hidden, null, arguments, null)!;
}
