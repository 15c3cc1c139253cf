using System.Text.Json;
using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Wire;

namespace QueueLog.Reading.Formats;

/// <summary>Makes the message of an event that has its template alone, of the members that stand beside it.</summary>
internal sealed class ClefMessage
{
    private readonly TextCache templates = new();

    // Where the names and the values stand in the event.
    private readonly List<(int Name, int NameLength, int Value)> members = [];
    private readonly List<string> renderings = [];

    public void Clear()
    {
        members.Clear();
        renderings.Clear();
    }

    /// <summary>A member may fill a hole.</summary>
    /// <param name="name">Where its name stands, without the quote.</param>
    /// <param name="nameLength">Bytes of the name, escaped as it is.</param>
    /// <param name="value">Where its value stands.</param>
    public void Add(int name, int nameLength, int value) => members.Add((name, nameLength, value));

    /// <summary>The member @r: what the holes with a format show, in their order.</summary>
    /// <param name="json">Stands at the value.</param>
    public void AddRenderings(scoped ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            renderings.Add(json.TokenType == JsonTokenType.String ? json.GetString()! : "");
            json.Skip();
        }
    }

    /// <summary>Writes the message.</summary>
    public void Render(ByteWriter output, ReadOnlySpan<byte> template, ReadOnlySpan<byte> whole)
    {
        var formatted = 0;
        foreach (var part in MessageTemplate.Of(templates.Get(template)).Parts)
        {
            var rendering = part.Format is null ? -1 : formatted++;
            if (part.Name is not null && rendering >= 0 && rendering < renderings.Count)
            {
                output.WriteUtf8(renderings[rendering]);
            }
            else if (part.Name is not null && Find(part.NameUtf8, whole) is >= 0 and var value)
            {
                MessageRenderer.Append(output, whole[value..], part);
            }
            else
            {
                output.WriteBytes(part.TextUtf8);
            }
        }
    }

    private int Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> whole)
    {
        foreach (var member in members)
        {
            if (whole.Slice(member.Name, member.NameLength).SequenceEqual(name))
            {
                return member.Value;
            }
        }

        return -1;
    }
}
