#!/bin/sh
# compile.sh SHADER NAME OUTPUT: compiles a shader to SPIR-V and writes it as the Swift array NAME.
set -eu

if ! command -v glslc >/dev/null; then
    echo "error: there is no glslc to compile $1 with; install it (Debian: glslc)," \
        "or build without the GPU: swift build --disable-default-traits" >&2
    exit 1
fi
words=$(glslc --target-env=vulkan1.2 -O -Werror -mfmt=num "$1" -o -)
{
    echo "/// SPIR-V of $(basename "$1")."
    echo "let $2: [UInt32] = ["
    echo "$words"
    echo "]"
} >"$3"
