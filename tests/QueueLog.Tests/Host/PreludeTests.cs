using QueueLog.Tests.Support;

namespace QueueLog.Tests.Host;

public sealed class PreludeTests(PreludeAnswers answers) : IClassFixture<PreludeAnswers>
{
    /// <summary>An expression, and its results with commas between. Each runs in an empty folder of its own.</summary>
    public static TheoryData<string, string> Cases => new()
    {
        { "Write-Output a b", "a,b" },
        { "(Write-Output 1, 2 -NoEnumerate).Count", "2" },
        { "Write-Host a, b -Separator - 6>&1", "a-b" },
        { "Write-Warning w 3>&1", "w" },
        { "Write-Information i 6>&1", "i" },
        { "try { Write-Error m -ErrorId I -Category InvalidData -ErrorAction Stop } catch { \"$_ $($_.FullyQualifiedErrorId.Split(',')[0]) $($_.CategoryInfo.Category)\" }", "m I InvalidData" },
        { "try { Write-Error ([IO.IOException]::new('io')) -ErrorAction Stop } catch [IO.IOException] { \"$_\" }", "io" },
        { "try { throw 'x' } catch { try { Write-Error $_ -ErrorAction Stop } catch { $_.FullyQualifiedErrorId.Split(',')[0] } }", "x" },
        { "Get-Random -Minimum 3 -Maximum 4", "3" },
        { "(1..5 | Get-Random -Count 5 | Sort-Object) -join ''", "12345" },
        { "$null = Get-Random -SetSeed 5; $a = Get-Random; $null = Get-Random -SetSeed 5; $a -eq (Get-Random)", "True" },
        { "Get-Date 2024-02-03T04:05:06 -Format 'yyyy HH'", "2024 04" },
        { "(Get-Date -AsUTC).Kind", "Utc" },
        { "(Measure-Command { Start-Sleep -Milliseconds 30 }).TotalMilliseconds -ge 29", "True" },
        { "(Measure-Command { Start-Sleep 0.03 }).TotalMilliseconds -ge 29", "True" },
        { "1..10 | Select-Object -First 2", "1,2" },
        { "1..10 | Select-Object -Last 2", "9,10" },
        { "1..5 | Select-Object -Skip 1 -First 2", "2,3" },
        { "1..5 | Select-Object -SkipLast 3", "1,2" },
        { "'a', 'A', 'b', 'a' | Select-Object -Unique", "a,A,b" },
        { "([pscustomobject]@{ a = 1; b = 2 } | Select-Object b, @{ n = 'c'; e = { $_.a + 5 } }).c", "6" },
        { "[pscustomobject]@{ a = 1, 2 } | Select-Object -ExpandProperty a", "1,2" },
        { "$seen = [Collections.ArrayList]::new(); $null = 1..1000 | ForEach-Object { $null = $seen.Add($_); $_ } | Select-Object -First 3; $seen.Count", "3" },
        { "3, 1, 2 | Sort-Object -Descending", "3,2,1" },
        { "'b', 'a', 'B' | Sort-Object -Unique", "a,b" },
        { "@{ k = 2 }, @{ k = 1 } | Sort-Object { $_.k } | ForEach-Object k", "1,2" },
        { "1, 2, 2 | Group-Object | ForEach-Object { \"$($_.Name)x$($_.Count)\" }", "1x1,2x2" },
        { "$m = 1..4 | Measure-Object -Sum -Average -Maximum -Minimum; $m.Count, $m.Sum, $m.Average, $m.Maximum, $m.Minimum", "4,10,2.5,4,1" },
        { "'x', 'y' | Set-Content f; Add-Content f z; Get-Content f", "x,y,z" },
        { "1..9 > f; Get-Content f -Tail 2; Get-Content f -TotalCount 1", "8,9,1" },
        { "'a' > f; 'b' >> f; (Get-Content f -Raw).Trim().Replace([Environment]::NewLine, '+')", "a+b" },
        { "$null = New-Item d -ItemType Directory; $null = New-Item d/f -Value v; Test-Path d/f; Test-Path d -PathType Leaf; Test-Path no", "True,False,False" },
        { "$null = New-Item a.txt, b.log; Get-ChildItem -Filter *.log -Name", "b.log" },
        { "$null = New-Item d/e/f -Force; Get-ChildItem -Recurse -File | ForEach-Object Name; Remove-Item d -Recurse; Test-Path d", "f,False" },
        { "'v' > a; Copy-Item a b; Move-Item b c; Rename-Item c d; (Get-Item d).Name; Get-Content d", "d,v" },
        { "Remove-Item nothing 2>&1 | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }", "PathNotFound" },
        { "Split-Path a/b.txt; Split-Path -Leaf a/b.txt; Split-Path -LeafBase a/b.txt; Split-Path -Extension a/b.txt", "a,b.txt,b,.txt" },
        { "(Join-Path a b c).Replace('\\', '/')", "a/b/c" },
        { "Push-Location ..; Pop-Location; (Get-Location).Path -eq $PWD.Path", "True" },
        { "Set-Variable v 1; (Get-Variable v).Value; Get-Variable v -ValueOnly; New-Variable w 2; $w; Remove-Variable w; Test-Path variable:w", "1,1,2,False" },
        { "@{ a = 1; b = @('x', $null, $true) } | ConvertTo-Json -Compress | ConvertFrom-Json | ForEach-Object { $_.a; $_.b.Count }", "1,3" },
        { "[pscustomobject]@{ s = 'q\"'; d = 1.5 } | ConvertTo-Json -Compress", "{\"s\":\"q\\\"\",\"d\":1.5}" },
        { "('{\"a\":{\"b\":[1,2]}}' | ConvertFrom-Json -AsHashtable).a.b", "1,2" },
        { "try { ConvertFrom-Json '{' } catch { 'bad' }", "bad" },
        { "([pscustomobject]@{ a = 1 } | Format-Table | Out-String -Stream).Where{ $_ }.Trim()", "a,-,1" },
        { "'x', 'y' | Tee-Object f; Get-Content f", "x,y,x,y" },
        { "'one', 'two' | Select-String w | ForEach-Object LineNumber; 'a' > f; Select-String a f -Quiet", "2,True" },
        { "(New-Object Text.StringBuilder 'abc').Length; (New-Object PSObject -Property @{ p = 1 }).p; (New-Object Collections.ArrayList).Count", "3,1,0" },
        { "('s' | Add-Member n 5 -PassThru -MemberType NoteProperty).n", "5" },
        { "Invoke-Expression '1 + 1'", "2" },
        { "(Get-Process -Id $PID).Id -eq $PID", "True" },
        { "Get-Process -Id 0x7ffffff0 2>&1 | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }", "NoProcessFoundForGivenId" },
        { "$h = (Get-Process -Id $PID).Path; $p = Start-Process $h '-c \"exit 3\"' -Wait -PassThru; $p.ExitCode", "3" },
        { "$h = (Get-Process -Id $PID).Path; Start-Process $h '-c \"Write-Output out; Write-Error err\"' -Wait -RedirectStandardOutput o -RedirectStandardError e; Get-Content o; Get-Content e", "out,Write-Error: err" },
        { "$h = (Get-Process -Id $PID).Path; $p = Start-Process $h '-c \"Start-Sleep 600\"' -PassThru; Stop-Process $p.Id; Wait-Process -InputObject $p -Timeout 60; $p.HasExited", "True" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_command_does_what_it_does_in_pwsh(string expression, string expected) => Assert.Equal(expected, answers.To(expression));
}
