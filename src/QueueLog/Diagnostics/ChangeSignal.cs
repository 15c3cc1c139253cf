namespace QueueLog.Diagnostics;

/// <summary>Wakes whoever waits for a condition over values that a lock guards.</summary>
/// <param name="gate">The lock.</param>
internal sealed class ChangeSignal(object gate)
{
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The values have changed.</summary>
    public void Set()
    {
        TaskCompletionSource told;
        lock (gate)
        {
            told = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.SetResult();
    }

    /// <summary>Completes when the condition holds, which is asked under the lock.</summary>
    public async Task WaitAsync(Func<bool> condition, CancellationToken cancellation)
    {
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (condition())
                {
                    return;
                }

                next = changed.Task;
            }

            await next.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }
}
