using CsCheck;
using QueueLog.Queue;

namespace QueueLog.Tests.Queue;

public sealed class QueueNameTests
{
    [Fact]
    public void Any_text_can_be_a_name_and_comes_back() =>
        Gen.String.Select(Gen.String[Gen.Char["aZ9-_=. *>äß/"], 0, 20], (any, near) => any + near).Where(IsText).Sample(text =>
        {
            var name = QueueName.Encode(text);
            Assert.Matches("^[A-Za-z0-9_=-]+$", name);
            Assert.Equal(text, QueueName.Decode(name));
        });

    [Fact]
    public void Two_texts_have_two_names()
    {
        string[] texts = ["", "=", "a", "A", "a.b", "a=2Eb", "ä", "a "];
        Assert.Equal(texts.Length, texts.Select(QueueName.Encode).Distinct().Count());
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("a=")]
    [InlineData("a=2")]
    [InlineData("=ZZ")]
    [InlineData("")]
    public void What_no_name_is_stands_for_no_text(string name) => Assert.Null(QueueName.Decode(name));

    [Theory]
    [InlineData("nightly-7f3a", true)]
    [InlineData("A_9", true)]
    [InlineData("", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("a*", false)]
    [InlineData(">", false)]
    [InlineData("ä", false)]
    public void Runs_and_chunks_have_names_of_few_characters(string name, bool isValid) => Assert.Equal(isValid, QueueName.IsValid(name));

    [Fact]
    public void Such_a_name_has_at_most_100_characters()
    {
        Assert.True(QueueName.IsValid(new string('a', 100)));
        Assert.False(QueueName.IsValid(new string('a', 101)));
    }

    // Half of a surrogate pair is no text that UTF-8 could hold.
    private static bool IsText(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)) == text;
}
