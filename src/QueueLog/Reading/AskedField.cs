using QueueLog.Formatting;

namespace QueueLog.Reading;

/// <summary>A field by which entries are chosen, so that those which do not show it are never found.</summary>
/// <param name="Field">The field.</param>
/// <param name="Name">Its name in a template; of a property its own.</param>
internal readonly record struct AskedField(TemplateField Field, string Name);
