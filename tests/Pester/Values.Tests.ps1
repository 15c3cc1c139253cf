# Values arrive as those of Start-Job do: each is compared with what the engine's serialization makes of it in the same worker.
BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $script:pool = (Start-WorkerPool -Count 1 -Name (New-TestName)).Name
}

AfterAll {
    Stop-TestSession
}

Describe 'Values' {
    It 'arrive as the engine would bring them: <_>' -ForEach @(
        '[System.IO.DirectoryInfo]::new($PSHOME).GetFiles("*.json")'
        '[System.IO.DirectoryInfo]::new($PSHOME)'
        'Get-Date -Date 2026-01-02 | ForEach-Object { $_.psobject.Properties.Remove("DisplayHint"); $_ }'
        '"a,b`n1,x`n2,y" | ConvertFrom-Csv'
        '"{`"a`":[1,{`"b`":null}],`"c`":`"2026-01-02T03:04:05Z`"}" | ConvertFrom-Json'
        '"{`"a`":{`"b`":1}}" | ConvertFrom-Json -AsHashtable'
        'Get-Content "$PSHOME/pwsh.runtimeconfig.json" -TotalCount 3 | ForEach-Object { $_.psobject.Properties.Remove("PSDrive"); $_ }'
        '"one`ntwo" -split "`n" | Select-String o'
        '1..3 | Measure-Object -Sum'
        '1..4 | Group-Object { $_ % 2 }'
        'Get-Command Get-Item | Select-Object Name, Version'
        '[pscustomobject]@{ A = 1; B = "x" } | Select-Object *, @{ n = "C"; e = { $_.A + 1 } }'
        '[xml] "<a><b c=`"1`">t</b></a>"'
        'try { 1 / 0 } catch { $_ }'
        'Write-Error oops -ErrorAction SilentlyContinue -ErrorVariable problem; $problem'
        'Add-Type "public class QlSample { public int A = 1; public string B { get; set; } = `"b`"; public QlSample Inner; }"; $o = [QlSample]::new(); $o.Inner = [QlSample]::new(); $o'
        'class QlPoint { [int] $X = 1; [int] $Y = 2 }; [QlPoint]::new()'
        'enum QlColour { Red; Green }; [QlColour]::Green'
        'ConvertTo-SecureString x -AsPlainText -Force | ForEach-Object { $_.Length }'
        '[pscredential]::new("u", (ConvertTo-SecureString p -AsPlainText -Force)).UserName'
        '[System.Net.IPAddress]::Loopback, [mailaddress] "a@b.c", [cultureinfo] "de-DE"'
        '[regex]::Match("abc", "b")'
        '[pscustomobject]@{ Block = { 1 + 1 } }'
        '[version] "1.2", [uri] "http://x/y", [guid]::Empty, [timespan] "1.02:03:04", [semver] "1.2.3"'
        '$t = [System.Data.DataTable]::new(); [void] $t.Columns.Add("A"); [void] $t.Rows.Add("v"); $t.Rows'
        '[System.Linq.Enumerable]::Range(1, 3)'
        '[System.Collections.Concurrent.ConcurrentDictionary[string, int]]::new() | ForEach-Object { $_["a"] = 1; , $_ }'
        '[System.Tuple]::Create(1, "a")'
        '[System.Collections.Generic.KeyValuePair[string, int]]::new("k", 1)'
        '$x = [pscustomobject]@{ A = 1 } | Add-Member -MemberType ScriptProperty -Name B -Value { $this.A * 2 } -PassThru; $x'
        '$x = [pscustomobject]@{ A = 1 } | Add-Member -MemberType ScriptMethod -Name M -Value { 1 } -PassThru; $x'
        '$l = [System.Collections.ArrayList] @(1, 2); Add-Member -InputObject $l -NotePropertyName Tag -NotePropertyValue x; , $l'
        'Update-TypeData -TypeName Ql.Deep -SerializationDepth 2 -Force; [pscustomobject]@{ PSTypeName = "Ql.Deep"; A = [System.Text.StringBuilder]::new("x") }'
        'Update-TypeData -TypeName Ql.Added -MemberName Twice -MemberType ScriptProperty -Value { 2 * $this.A } -Force; [pscustomobject]@{ PSTypeName = "Ql.Added"; A = 4 }'
        'Update-TypeData -TypeName Ql.Some -SerializationMethod SpecificProperties -PropertySerializationSet A -Force; [pscustomobject]@{ PSTypeName = "Ql.Some"; A = 4; B = 5 }'
        'Update-TypeData -TypeName Ql.Text -SerializationMethod String -Force; [pscustomobject]@{ PSTypeName = "Ql.Text"; A = 4; B = 5 }'
        'Get-ChildItem -LiteralPath $PSHOME -File | Select-Object -First 3 | ForEach-Object { $_.psobject.Properties.Remove("PSDrive"); $_ }'
        'Get-Item Env:PATH'
        'Get-Variable PSHOME'
        'Get-PSDrive Env'
        '1..3 | Measure-Object -Sum -Average'
        'Get-Culture'
        'Get-Module'
        '[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-Item -LiteralPath $PSHOME)))'
        '[System.IO.DirectoryInfo]::new($PSHOME) | Select-Object Name, @{ n = "Item"; e = { $_ } }'
        'Update-TypeData -TypeName System.UriBuilder -SerializationMethod SpecificProperties -PropertySerializationSet Host -Force; [System.UriBuilder]::new("http://a/b")'
        'Update-TypeData -TypeName System.IO.StringWriter -StringSerializationSource NewLine -SerializationMethod String -Force; [System.IO.StringWriter]::new()'
        'Update-TypeData -TypeName System.Text.StringBuilder -MemberName Twice -MemberType ScriptProperty -Value { 2 * $this.Length } -Force; [System.Text.StringBuilder]::new("x"); [pscustomobject]@{ A = [System.Text.StringBuilder]::new("y") }; Remove-TypeData -TypeName System.Text.StringBuilder'
        '$o = [object]::new(); $o | Add-Member Note 1; $o'
        '[pscustomobject]@{ File = [System.IO.FileInfo]::new("$PSHOME/pwsh.dll"); Number = 5 }'
        'Get-TimeZone'
        'Get-Host | Select-Object Name, Version'
        'Get-Alias | Select-Object -First 2'
        'Get-Random -InputObject 5'
        '[System.Net.Dns]::GetHostEntry("localhost")'
        'Get-FileHash "$PSHOME/pwsh.dll"'
        'Get-Verb | Select-Object -First 2'
        'Test-Path x'
        '[System.Diagnostics.FileVersionInfo]::GetVersionInfo("$PSHOME/pwsh.dll")'
        '[System.AppDomain]::CurrentDomain.GetAssemblies()[0]'
        '[System.Diagnostics.Stopwatch]::new()'
        'Start-Job { 1 } | Wait-Job | ForEach-Object { $_.ChildJobs[0].Output; Remove-Job $_ }'
        '0x10, 1e3, 1.10d, 5kb'
        '[pscustomobject]@{ Rows = @(1..3 | ForEach-Object { [pscustomobject]@{ N = $_; Tags = @("a", "b"); More = @{ k = $_ } } }) }'
    ) {
        # Made once, exported by the worker, and given back by it.
        $folder = New-TestFolder
        $actual = @(Invoke-WorkerPool -Name $pool -ArgumentList $_, $folder {
            param($item, $script, $folder)
            $number = 0
            foreach ($value in @(& ([scriptblock]::Create($script)))) {
                Export-Clixml -InputObject $value -Depth 1 -LiteralPath "$folder/$number.xml"
                $number++
                , $value
            }
        })
        $actual.Count | Should -BeGreaterThan 0
        for ($i = 0; $i -lt $actual.Count; $i++) {
            $expected = Import-Clixml -LiteralPath "$folder/$i.xml"
            Export-Clixml -InputObject $actual[$i] -Depth 1 -LiteralPath "$folder/actual.xml"
            Export-Clixml -InputObject $expected -Depth 1 -LiteralPath "$folder/expected.xml"
            Get-Content -LiteralPath "$folder/actual.xml" -Raw | Should -BeExactly (Get-Content -LiteralPath "$folder/expected.xml" -Raw)
            $actual[$i].GetType() | Should -Be $expected.GetType()
            "$($actual[$i])" | Should -BeExactly "$expected"
        }
    }

    It 'are what they were, where that surprises nobody: <_>' -ForEach @(
        '[System.DayOfWeek]::Friday', '[System.IO.FileAttributes] "Hidden, System"', '[bigint]::Pow(7, 90)', '[System.DateTimeOffset]::Now', '[System.DateOnly]::FromDateTime([datetime]::Now)'
        '[System.TimeOnly]::MaxValue', '[System.Half] 0.5', '[System.Int128]::MinValue', '[System.UInt128]::MaxValue', '[System.Index]::FromEnd(2)'
    ) {
        $value = & ([scriptblock]::Create($_))
        $got = $value | Invoke-WorkerPool -Name $pool -ArgumentList $value { param($item, $argument) $item; $argument; [pscustomobject]@{ Inner = @($item) } }
        $got[0], $got[1], $got[2].Inner[0] | Should -BeOfType $value.GetType()
        $got[0], $got[1], $got[2].Inner[0] | Should -Be $value, $value, $value
    }

    It 'are brought back to life where the session says so' {
        Update-TypeData -TypeName Deserialized.Ql.Live -TargetTypeForDeserialization ([version]) -Force
        try {
            $got = Invoke-WorkerPool -Name $pool { [pscustomobject]@{ PSTypeName = 'Ql.Live'; Major = 4; Minor = 5 } }
            $value = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize([pscustomobject]@{ PSTypeName = 'Ql.Live'; Major = 4; Minor = 5 }))
            $got.GetType() | Should -Be $value.GetType()
        }
        finally {
            Remove-TypeData -TypeName Deserialized.Ql.Live
        }
    }

    It 'of a thousand levels arrive as item, argument, $using: variable and output' {
        $deep = 0
        1..1000 | ForEach-Object { $deep = @{ n = $deep } }
        $block = { param($item, $argument) $using:deep; $argument; $item }
        $got = , $deep | Invoke-WorkerPool -Name $pool -ArgumentList $deep $block
        $got | Should -HaveCount 3
        foreach ($value in $got) {
            $levels = 0
            while ($value -is [hashtable]) { $value = $value.n; $levels++ }
            $levels | Should -Be 1000
        }
    }

    It 'of hundreds of megabytes arrive as item, argument, $using: variable and output: <_>' -ForEach @(
        "'x' * 200MB"
        "[char] 0xD800 + 'x' * 35MB"
        ', [int[]]::new(3000000)'
        ', @([object[]]::new(3000000))'
        ', [byte[]]::new(70MB)'
        '$table = @{}; for ($i = 0; $i -lt 400000; $i++) { $table["key $i"] = $i }; $table'
    ) {
        $value = & ([scriptblock]::Create($_))
        $block = { param($item, $argument) , $using:value; , $argument; , $item }
        $count = if ($value -is [string]) { $value.Length } else { $value.Count }
        $got = @(, $value | Invoke-WorkerPool -Name $pool -ArgumentList (, $value) $block)
        $got | Should -HaveCount 3
        foreach ($one in $got) {
            $one.GetType() | Should -Be ($value -is [array] -and $value -isnot [byte[]] ? [System.Collections.ArrayList] : $value.GetType())
            $(if ($one -is [string]) { $one.Length } else { $one.Count }) | Should -Be $count
        }
    }

    It 'of hundreds of megabytes leave no memory taken' {
        $pool = (Start-WorkerPool -Count 1 -Name (New-TestName)).Name
        $taken = { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); [GC]::GetTotalMemory($true) }
        $before = (& $taken), (Invoke-WorkerPool -Name $pool $taken)
        $null = 'x' * 200MB | Invoke-WorkerPool -Name $pool { $_ }
        $after = (& $taken), (Invoke-WorkerPool -Name $pool $taken)
        $after[0] - $before[0] | Should -BeLessThan 30MB
        $after[1] - $before[1] | Should -BeLessThan 30MB
    }

    It 'of more than 64 MiB are results, and messages of any stream' {
        $results = 1..2 | Invoke-WorkerPool -Count 1 -AsResult -JobLog "$(New-TestFolder)/jobs.jsonl" {
            'x' * 65MB
            if ($_ -eq 1) {
                Write-Warning ('w' * 65MB)
                Write-Information ('i' * 65MB)
                throw ('t' * 65MB)
            }
        } 3>$null 6>$null
        "$($results.Status)" | Should -Be 'Failed Completed'
        $results[0].Attempt | Should -Be 1
        $results[0].Output[0].Length | Should -Be 65MB
        $results[0].Warnings[0].Length | Should -Be 65MB
        $results[0].Errors[0].Exception.Message.Length | Should -Be 65MB
        $results[1].Pid | Should -Be $results[0].Pid
    }

    It 'that are too deep cost their item and no other' {
        $results = 1..4 | Invoke-WorkerPool -Count 1 -KeepOrder -AsResult {
            if ($_ -ne 2) { return $_ }
            $deep = 0
            1..3000 | ForEach-Object { $deep = @{ n = $deep } }
            $deep
        }
        "$($results.Status)" | Should -Be 'Completed Failed Completed Completed'
        $results[1].Errors[0].FullyQualifiedErrorId | Should -BeLike 'OutputNotSerializable*'
        $results[3].Output | Should -Be 4
    }

    It 'that only the engine can serialize and not read cost their item and no other' {
        $results = 1..3 | Invoke-WorkerPool -Count 1 -KeepOrder -AsResult {
            if ($_ -ne 2) { return $_ }
            $deep = 0
            1..60 | ForEach-Object { $set = [System.Collections.Generic.HashSet[object]]::new(); [void] $set.Add($deep); $deep = $set }
            , $deep
        }
        $results[1].Errors[0].FullyQualifiedErrorId | Should -BeLike 'OutputNotSerializable*'
        $results[2].Output | Should -Be 3
    }
}
