#!/usr/bin/env bash
# Lays out a Windows in a folder: setup.sh FOLDER. Afterwards FOLDER/prefix is a Wine prefix with .NET for Windows in it, and
# FOLDER/environment is to be sourced before wine is called. What is there already is kept.
# Exit code 3 says that this machine cannot have Wine; the last line of the output is the reason.
set -euo pipefail

dotnet_version=10.0.12

mkdir -p "$1"
folder=$(cd "$1" && pwd)
prefix=$folder/prefix
programs="$prefix/drive_c/Program Files"

cannot() {
    echo "$1"
    exit 3
}

install_wine() {
    [ "$(uname -sm)" = 'Linux x86_64' ] || cannot "this is $(uname -sm), and Wine runs programs for x64 on Linux x86_64 alone"
    command -v wine >/dev/null && return
    command -v apt-get >/dev/null || cannot 'Wine is not installed, and there is no apt to install it with'
    [ "$(id -u)" = 0 ] || cannot 'Wine is not installed, and only root can install it'
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends wine wine64; } >"$folder/apt.log" 2>&1 ||
        cannot "Wine is not installed, and apt cannot install it: $(grep '^E:' "$folder/apt.log" | tail -n 1)"
}

make_prefix() {
    # Without the last, the runtime ends with "Internal CLR error 0x80131506". Wine's debugger would write pages about each program that crashes.
    cat >"$folder/environment" <<END
export WINEPREFIX='$prefix' WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES=winedbg.exe=d
export DOTNET_ROOT='C:\\Program Files\\dotnet' DOTNET_EnableWriteXorExecute=0

# What Windows programs write to a terminal arrives in this encoding.
export LC_ALL=C.UTF-8
END
    . "$folder/environment"
    [ -e "$folder/made" ] && return
    rm -rf "$prefix"

    # Wine's own default is Windows 7, which PowerShell does not run on.
    { wineboot --init && wine winecfg -v win10 && wineserver --wait; } >"$folder/wine.log" 2>&1 || { tail -n 3 "$folder/wine.log"; return 1; }
    touch "$folder/made"
}

restore() {
    mkdir -p "$folder/restore"
    cat >"$folder/restore/restore.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="Microsoft.NETCore.App.Runtime.win-x64" Version="[$dotnet_version]" />
    <PackageDownload Include="Microsoft.WindowsDesktop.App.Runtime.win-x64" Version="[$dotnet_version]" />
  </ItemGroup>
</Project>
END
    env -u DOTNET_ROOT dotnet restore "$folder/restore/restore.csproj" --packages "$folder/packages" >"$folder/restore.log" 2>&1 ||
        { grep -m 3 'error' "$folder/restore.log" || tail -n 3 "$folder/restore.log"; return 1; }
}

# One framework as the installer of .NET would lay it: lay_framework NAME PACK. A runtime pack lacks the list of assemblies only.
lay_framework() {
    local name=$1 pack=$2
    local source=$folder/packages/$pack/$dotnet_version/runtimes/win-x64
    local target=$programs/dotnet/shared/$name/$dotnet_version
    mkdir -p "$target"
    find "$source/lib/net10.0" "$source/native" -maxdepth 1 -type f -exec cp -t "$target" {} +
    if [ -e "$target/hostfxr.dll" ]; then
        mkdir -p "$programs/dotnet/host/fxr/$dotnet_version"
        mv "$target/hostfxr.dll" "$programs/dotnet/host/fxr/$dotnet_version"
    fi

    # An assembly of a package takes the place of the framework's where its version is higher.
    local version='"fileVersion": "10.0.65535.0"' target_name=.NETCoreApp,Version=v10.0
    cat >"$target/$name.deps.json" <<END
{
  "runtimeTarget": { "name": "$target_name/win-x64", "signature": "" },
  "targets": {
    "$target_name": {},
    "$target_name/win-x64": {
      "$pack/$dotnet_version": {
        "runtime": { $(list_files "$source/lib/net10.0" "{ \"assemblyVersion\": \"10.0.0.0\", $version }") },
        "native": { $(list_files "$source/native" "{ $version }") }
      }
    }
  },
  "libraries": { "$pack/$dotnet_version": { "type": "package", "serviceable": true, "sha512": "" } }
}
END
}

# The assemblies of a folder as members of an object of JSON, each with the same value.
list_files() {
    find "$1" -maxdepth 1 -name '*.dll' ! -name hostfxr.dll -printf "\"%f\": $2\n" 2>/dev/null | sort | paste -sd ,
}

lay_dotnet() {
    [ -e "$folder/laid-$dotnet_version" ] && return
    restore
    rm -rf "$programs/dotnet"
    lay_framework Microsoft.NETCore.App microsoft.netcore.app.runtime.win-x64
    lay_framework Microsoft.WindowsDesktop.App microsoft.windowsdesktop.app.runtime.win-x64
    echo '{ "runtimeOptions": { "tfm": "net10.0" } }' >"$programs/dotnet/shared/Microsoft.NETCore.App/$dotnet_version/Microsoft.NETCore.App.runtimeconfig.json"
    touch "$folder/laid-$dotnet_version"
}

# Each step is called for itself: within a condition, errors would not end it.
install_wine
make_prefix
lay_dotnet
