# SPDX-License-Identifier: BSD-3-Clause
# The pages of hillock view in a headless browser, where there is one; tests/view/page.js has what is asked of them.
. "$HILLOCK_SOURCE/tests/tap.sh"

command -v node >/dev/null 2>&1 || skip_all "there is no Node.js, which tells the browser what to do"
browser=$(command -v chromium || command -v chromium-browser) || skip_all "there is no Chromium"
lua5.4 -e 'require "cjson"' 2>/dev/null || skip_all "the Lua module cjson is not installed"

kinds="small bare many still sick"
[ -n "${HILLOCK_QUICK-}" ] || kinds="$kinds large"
for kind in $kinds; do
    mkdir "$tmp/$kind"
    "$HILLOCK_BUILD/hillock" run "$HILLOCK_SOURCE/tests/view/folder.lua" "$tmp/$kind" "$kind" &&
        "$HILLOCK_BUILD/hillock" view "$tmp/$kind" >/dev/null 2>&1 || { echo "Bail out! no page of $kind"; exit 1; }
done
node "$HILLOCK_SOURCE/tests/view/page.js" "$browser" "$tmp"
