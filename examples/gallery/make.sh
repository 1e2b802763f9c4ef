#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Makes the gallery's pictures anew, each by its example: sh examples/gallery/make.sh [COMMAND]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
hillock=${1:-$here/../../build/hillock}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
grep -l 'hk[.]plot' "$here"/../*.lua | while read -r script; do
    "$hillock" run --quiet "$script" "$work" png >/dev/null
done
mv "$work"/*.png "$here"
