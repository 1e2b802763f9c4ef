#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Fetches anew, with npm, the files of uPlot that `hillock view` puts into its pages, and takes them if they are those that
# SHA256SUMS beside them names:  sh scripts/vendor.sh
# Another version, whose sums it then writes:  sh scripts/vendor.sh VERSION
set -eu

folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)/hillock/view/vendor
die() { echo "vendor: $*" >&2; exit 1; }

command -v npm >/dev/null 2>&1 || die "npm is needed"
kept=$(sed -n 's/^uPlot \([0-9.]*\),.*/\1/p' "$folder/README.md")
version=${1-$kept}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "uplot@$version" >/dev/null || die "npm cannot give uplot@$version"
tar -xzf "uplot-$version.tgz"
mkdir new
cp package/dist/uPlot.iife.min.js package/dist/uPlot.min.css new/
cp package/LICENSE new/LICENSE.uPlot
cd new
if [ "$version" = "$kept" ]; then
    sha256sum -c --quiet "$folder/SHA256SUMS" || die "uplot@$version is not what was kept: nothing is changed"
else
    sha256sum ./* | sed 's| \./| |' >SHA256SUMS
    sed "s/^uPlot $kept,/uPlot $version,/" "$folder/README.md" >README.md
fi
chmod 644 ./*
cp ./* "$folder/"
echo "vendor: uPlot $version stands in $folder"
