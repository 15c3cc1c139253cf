using System.Management.Automation;
using System.Management.Automation.Language;

namespace QueueLog.PowerShell.Engine;

/// <summary>How a block gets its item, beside <c>$_</c>.</summary>
/// <param name="AsArgument">As its first argument.</param>
/// <param name="ByPipeline">By the pipeline: for <c>$input</c>, and for <c>$_</c> in a process block.</param>
internal readonly record struct ItemPassing(bool AsArgument, bool ByPipeline)
{
    private const string Binding = "CmdletBinding";
    private const string Parameter = "Parameter";

    /// <summary>Finds out what a block can take.</summary>
    /// <param name="block">The block.</param>
    /// <param name="hasArguments">Whether it gets others: these stand behind the item.</param>
    public static ItemPassing Of(ScriptBlock block, bool hasArguments)
    {
        if (block.Ast is not ScriptBlockAst script)
        {
            return new ItemPassing(AsArgument: true, ByPipeline: false);
        }

        var attributes = script.ParamBlock is { } parameters ? parameters.Attributes.Concat(parameters.Parameters.SelectMany(static parameter => parameter.Attributes.OfType<AttributeAst>())).ToList() : [];
        var binding = attributes.Find(static attribute => Is(attribute, Binding));
        if (binding is null && !attributes.Exists(static attribute => Is(attribute, Parameter)))
        {
            // Takes input whether it looks at it or not.
            var isNamed = script.BeginBlock is not null || script.ProcessBlock is not null;
            return new ItemPassing(AsArgument: true, isNamed || script.Find(static ast => ast is VariableExpressionAst { VariablePath.UserPath: var name } && name.Equals("input", StringComparison.OrdinalIgnoreCase), searchNestedScriptBlocks: false) is not null);
        }

        // What is declared decides, and anything else is an error.
        if (attributes.Exists(static attribute => Is(attribute, Parameter) && Has(attribute, "ValueFromPipeline")) && script.ProcessBlock is not null && !hasArguments)
        {
            return new ItemPassing(AsArgument: false, ByPipeline: true);
        }

        var takesArguments = script.ParamBlock!.Parameters.Count > 0
            && (binding is null || !Has(binding, "PositionalBinding", isTrue: false) || attributes.Exists(static attribute => Is(attribute, Parameter) && attribute.NamedArguments.Any(static argument => argument.ArgumentName.Equals("Position", StringComparison.OrdinalIgnoreCase))));
        return new ItemPassing(takesArguments, ByPipeline: false);
    }

    private static bool Is(AttributeAst attribute, string name) =>
        attribute.TypeName.Name is var full && (full.Equals(name, StringComparison.OrdinalIgnoreCase) || full.Equals(name + "Attribute", StringComparison.OrdinalIgnoreCase)
            || full.EndsWith("." + name + "Attribute", StringComparison.OrdinalIgnoreCase));

    private static bool Has(AttributeAst attribute, string name, bool isTrue = true) => attribute.NamedArguments.Any(argument =>
        argument.ArgumentName.Equals(name, StringComparison.OrdinalIgnoreCase)
        && isTrue == (argument.ExpressionOmitted || !argument.Argument.Extent.Text.Equals("$false", StringComparison.OrdinalIgnoreCase)));
}
