# Makes the package of the staged module that Publish-PSResource and Install-PSResource take. Needs PSResourceGet 1.1 or later.
param(
    [string] $Path = "$PSScriptRoot/../output/modules/QueueLog",
    [string] $Destination = "$PSScriptRoot/../output"
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$manifest = Import-PowerShellDataFile (Join-Path $Path 'QueueLog.psd1')
$package = Join-Path (Resolve-Path -LiteralPath $Destination) "QueueLog.$($manifest.ModuleVersion).nupkg"
Compress-PSResource -Path $Path -DestinationPath $Destination

# Compress-PSResource writes no tags for the cmdlets; by these a gallery answers Find-PSResource -CommandName.
$archive = [System.IO.Compression.ZipFile]::Open($package, 'Update')
try {
    $stream = $archive.GetEntry('QueueLog.nuspec').Open()
    $nuspec = [xml]::new()
    $nuspec.Load($stream)
    $nuspec.package.metadata.tags += " PSIncludes_Cmdlet $($manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_ PSCommand_$_" })"
    $stream.SetLength(0)
    $nuspec.Save($stream)
    $stream.Dispose()
} finally {
    $archive.Dispose()
}

$package
