namespace QueueLog.FaultActor;

/// <summary>What a test tells an actor by its standard input.</summary>
internal static class Orders
{
    /// <summary>Arms the actor's death at each line "arm".</summary>
    /// <returns>The first other line; null at the end.</returns>
    public static async Task<string?> ReadAsync(Death? death)
    {
        string? line;
        while ((line = await Console.In.ReadLineAsync()) == "arm")
        {
            death?.Arm();
        }

        return line;
    }
}
