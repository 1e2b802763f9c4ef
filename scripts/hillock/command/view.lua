-- SPDX-License-Identifier: BSD-3-Clause
-- hillock view RESULTS: what a run left, as one HTML file to look at in a browser.

local files = require "hillock.files"

local view = {
    summary = "Make an HTML file of a run's results, to look at in a browser.",
    description = "Make one HTML file of a results folder: traces, spikes, the network, the cell's "
        .. "shape, and what was run. It needs no network and no server. Files that are not what "
        .. "the run wrote are named in the page and on standard error.",
}

function view.describe(command)
    command:argument("results", "The folder, or its manifest.json."):argname "RESULTS"
    command:option("-o --output", "The file to write, instead of view.html in the folder.")
        :argname "FILE"
    command:flag("--force", "Write over a file that hillock view did not make.")
end

function view.run(options)
    local results = options.results
    if not files.system().attributes(results) then
        return 1, ("%s: there is no such folder"):format(results)
    end
    local output = options.output
        or (files.is_folder(results) and results:gsub("(.)/+$", "%1") .. "/"
            or files.folder_of(results)) .. "view.html"
    if files.is_folder(output) then
        return 1, ("%s is a folder: -o names the file"):format(output)
    elseif not options.force and require "hillock.view".is_page(output) == false then
        return 1, ("%s is there, and is none of hillock view's: --force writes over it")
            :format(output)
    end
    local page, warnings = require "hillock.view".page(results)
    if not page then
        return 1, warnings
    end
    for _, text in ipairs(warnings) do
        io.stderr:write("hillock: ", text, "\n")
    end
    local written, why = files.write(output, page)
    if not written then
        return 1, ("cannot write %s"):format(why)
    end
    print(("wrote %s (%.1f MB)"):format(output, #page / 1e6))
    return 0
end

return view
