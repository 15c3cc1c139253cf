BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    $root = Get-RepositoryRoot
    $staged = Split-Path (Get-StagedModule)

    # Whoever adds an address here has opened it: the tests run offline.
    $known = 'https://keepachangelog.com/en/1.1.0/', 'https://semver.org/spec/v2.0.0.html', 'https://opensource.org/license/mit', 'https://lnav.org'

    function Get-Prose([string] $Path) {
        [System.IO.File]::ReadAllText($Path) -replace '(?ms)^ *```.*?^ *```' -replace '`[^`]+`', '`'
    }

    function Get-Link([string] $Path) {
        $pattern = '\]\((?<link>[^)\s]+)|^\[[^\]]+\]:\s*(?<link>\S+)|(?:src|href)="(?<link>[^"]+)"|(?<link>https?://[^\s)>"'']+)'
        [regex]::Matches((Get-Prose $Path), $pattern, 'Multiline') | ForEach-Object { $_.Groups['link'].Value } | Sort-Object -Unique
    }

    # As the renderers of Markdown name a heading.
    function Get-Anchor([string] $Path) {
        [regex]::Matches([System.IO.File]::ReadAllText($Path), '(?m)^#+ (.+?)\r?$') |
            ForEach-Object { $_.Groups[1].Value.ToLowerInvariant() -replace '[^\w\- ]' -replace ' ', '-' }
    }

    function Test-Link([string] $Page, [string] $Link, [string] $Folder) {
        if ($Link -match '^\w+:') {
            return $Link -cin $known
        }

        $path, $anchor = $Link -split '#', 2
        $target = $path ? [System.IO.Path]::GetFullPath($path, (Split-Path $Page)) : $Page
        $target.StartsWith($Folder) -and (Test-Path -LiteralPath $target) -and (-not $anchor -or $anchor -cin (Get-Anchor $target))
    }

    function Get-DeadLink([string] $Folder, [string[]] $Page) {
        foreach ($file in $Page) {
            Get-Link $file | Where-Object { -not (Test-Link $file $_ $Folder) } | ForEach-Object { "$([System.IO.Path]::GetRelativePath($Folder, $file)): $_" }
        }
    }
}

Describe 'The links' {
    It 'of every page that is shipped lead to what is shipped, or to a known address' {
        $pages = (Get-ChildItem -LiteralPath $staged -Recurse -Filter *.md).FullName
        @($pages | ForEach-Object { Get-Link $_ }).Count | Should -BeGreaterThan 50
        Get-DeadLink $staged $pages | Should -BeNullOrEmpty
    }

    It 'of the page for contributors lead to what the repository has' {
        Get-DeadLink $root (Join-Path $root 'CONTRIBUTING.md') | Should -BeNullOrEmpty
    }

    It 'of the help lead to known addresses' {
        $help = (Get-ChildItem -LiteralPath (Join-Path $staged 'en-US') -Filter *-Help.xml).FullName
        $links = @(Select-Xml -LiteralPath $help -XPath "//*[local-name()='navigationLink']/*[local-name()='uri']")
        $links.Count | Should -BeGreaterThan 10
        $links.Node.InnerText | Where-Object { $_ -and $_ -cnotin $known } | Should -BeNullOrEmpty
    }

    It 'of the manifest, which a gallery shows, are known addresses' {
        $manifest = Import-PowerShellDataFile (Get-StagedModule)
        $data = $manifest.PrivateData.PSData
        $links = $data.Keys -like '*Uri' | ForEach-Object { $data[$_] }
        $links += $manifest.Keys -like '*Uri' | ForEach-Object { $manifest[$_] }
        $links | Should -Contain 'https://opensource.org/license/mit'
        $links | Where-Object { $_ -cnotin $known } | Should -BeNullOrEmpty
    }

    It 'of the readme of QueueLog.Extensions.Logging lead to pages of that package' {
        $project = [xml] (Get-Content -Raw -LiteralPath (Join-Path $root 'src' 'QueueLog.Extensions.Logging' 'QueueLog.Extensions.Logging.csproj'))
        $pages = $project.SelectNodes("//None[@Pack='true' and @PackagePath='/']/@Include").Value | Split-Path -Leaf
        $links = $pages | ForEach-Object { Get-Link (Join-Path $root 'docs' $_) }
        $links | Should -Contain 'delivery.md'
        $links | Where-Object { $_ -cnotin $pages -and $_ -cnotin $known } | Should -BeNullOrEmpty
    }
}
