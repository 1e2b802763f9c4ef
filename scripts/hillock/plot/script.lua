-- SPDX-License-Identifier: BSD-3-Clause
-- script: a figure as a script for gnuplot that needs no other file: data blocks, then one part a
-- panel. Everything stands where layout.lua has put it, in fractions of the whole picture.

local axis = require "hillock.plot.axis"
local layers = require "hillock.plot.layers"
local layout = require "hillock.plot.layout"
local text = require "hillock.plot.text"
local theme = require "hillock.plot.theme"

local script = {}

local size = theme.size

-- A writer: line(format, ...) adds a line.
local function writer()
    local lines = {}
    return lines, function(format, ...)
        lines[#lines + 1] = select("#", ...) > 0 and format:format(...) or format
    end
end

local cm <const> = 72 / 2.54

-- The terminal of a picture: its size in pt (and in px where that was said).
local function terminal(figure)
    local w, h = figure.width, figure.height
    local kind = figure.format
    local ground = theme.colour(figure.theme, "ground")
    if kind == "pdf" then
        return ("pdfcairo size %.4gcm,%.4gcm font 'Sans,%g' fontscale 0.75 linewidth 2 rounded "
            .. "background rgb '%s'"):format(w / cm, h / cm, size.text, ground)
    elseif kind == "svg" then
        return ("svg size %.0f,%.0f font 'sans-serif,%.4g' linewidth %.4g rounded "
            .. "background rgb '%s'"):format(w * 96 / 72, h * 96 / 72, size.text * 96 / 72, 96 / 72,
            ground)
    end
    return ("pngcairo size %.0f,%.0f font 'Sans,%g' fontscale %.4g linewidth %.4g rounded "
        .. "background rgb '%s'"):format(w * figure.dpi / 72, h * figure.dpi / 72, size.text,
        figure.dpi / 96, figure.dpi / 72, ground)
end

-- A font of this many pt; gnuplot's SVG wants px.
local function font(figure, points)
    return ("font ',%.4g'"):format(figure.format == "svg" and points * 96 / 72 or points)
end

local function screen(figure, x, y)
    return ("screen %.5f,%.5f"):format(x / figure.width, y / figure.height)
end

-- ---- data

local function name_of(p, i)
    return ("$panel%d_%d"):format(p.number, i)
end

local function write_data(p, line)
    for i, layer in ipairs(p.layers) do
        line("%s << EOD", name_of(p, i))
        for _, row in ipairs(layers.data(layer, p)) do
            line("%s", row)
        end
        line("EOD")
    end
end

-- ---- what stands around the box

local function write_ticks(figure, name, a, line)
    local hidden = a.hidden and name == "x"
    local list = {}
    for i, tick in ipairs(a.ticks) do
        list[i] = ("%s %.10g"):format(hidden and "''" or text.tick(tick[2]), tick[1])
    end
    if #list == 0 then
        line("unset %stics", name)
        return
    end
    local offset = name == "y" and "0.55,0" or figure.format == "svg" and "0,0.75" or "0,0.35"
    line("set %stics out nomirror scale 0.5 offset %s %s textcolor rgb '%s' (%s)", name, offset,
        font(figure, size.small), theme.colour(figure.theme, "ink"), table.concat(list, ", "))
end

local function put(figure, line, words, x, y, options)
    line("set label %s at %s %s", words, screen(figure, x, y), options)
end

local function ink(figure, points, colour)
    return ("textcolor rgb '%s' %s"):format(theme.colour(figure.theme, colour or "ink"),
        font(figure, points))
end

local function write_axis_titles(figure, p, line)
    local x, y = axis.title(p.x), axis.title(p.y)
    if x and not p.x.hidden then
        put(figure, line, text.quote(x), p.left + p.width / 2,
            p.bottom - 5 - 1.3 * size.small - 0.55 * size.text,
            "center " .. ink(figure, size.text))
    end
    if y then
        put(figure, line, text.quote(y), p.left - 6 - p.y_room - 0.65 * size.text,
            p.bottom + p.height / 2, "center rotate by 90 " .. ink(figure, size.text))
    end
end

local function mark(figure, line, entry, x, y)
    local colour = theme.colour(figure.theme, entry.colour, entry.pale)
    if entry.mark == "area" then
        line("set object rectangle from %s to %s fc rgb '%s' fs solid noborder front",
            screen(figure, x + 2, y - 2.5), screen(figure, x + 8, y + 2.5), colour)
    elseif entry.mark == "dot" then
        line("set arrow from %s to %s nohead lw 4 lc rgb '%s'", screen(figure, x + 5, y),
            screen(figure, x + 5.1, y), colour)
    else
        line("set arrow from %s to %s nohead lw 1.4 lc rgb '%s'", screen(figure, x, y),
            screen(figure, x + 9, y), colour)
    end
end

local function write_legend(figure, p, base, line)
    for r, entries in ipairs(p.legend_lines) do
        local y = base - (r - 1) * size.small * 1.3
        local from = p.left + (p.legend_beside and p.width - entries.width or 0)
        for _, it in ipairs(entries) do
            mark(figure, line, it.entry, from + it.at, y)
            put(figure, line, text.quote(it.entry.name), from + it.at + 12, y,
                "left " .. ink(figure, size.small))
        end
    end
end

-- From above: the title and the legend, the names of windows, the box. Titles of a row are level.
local function write_top(figure, p, line)
    for _, name in ipairs(p.named_windows) do
        local up = 5 + (name[3] - 1) * 1.3 * size.small
        put(figure, line, text.quote(name[1]), p.left + name[2], p.bottom + p.height + up,
            "center " .. ink(figure, size.small, "muted"))
    end
    local base = p.top - size.title * 0.65
    if p.title then
        local title = text.cut(p.title, size.title * 1.12, figure.width - p.left - 6)
        put(figure, line, text.bold(title), p.left, base, "left " .. ink(figure, size.title))
    end
    if #p.legend_lines > 0 then
        local first = (p.legend_beside or not p.title) and base or base - 1.3 * size.title
        write_legend(figure, p, first, line)
    end
end

local function write_windows(figure, p, line)
    for _, window in ipairs(p.windows or {}) do
        local from, to = math.max(window[1], p.x.low), math.min(window[2], p.x.high)
        if from < to then
            line("set object rectangle from first %.7g, graph 0 to first %.7g, graph 1 behind "
                .. "fc rgb '%s' fs solid noborder", from, to, theme.colour(figure.theme, "marked"))
        end
    end
end

-- ---- bars

local STRIPES <const> = 64

local function write_colorbar(figure, p, line)
    local bar = p.colorbar
    local left = p.left + p.width + layout.bar.gap
    local right = left + layout.bar.width
    for k = 0, STRIPES - 1 do -- each over the upper part of the one before: no seams show
        line("set object rectangle from %s to %s fc rgb '%s' fs solid noborder",
            screen(figure, left, p.bottom + k * p.height / STRIPES),
            screen(figure, right, p.bottom + p.height),
            theme.colour(figure.theme, { value = k / (STRIPES - 1) }))
    end
    local widest = 0
    for _, tick in ipairs(bar.ticks) do
        local y = p.bottom + p.height * (tick[1] - bar.low) / (bar.high - bar.low)
        line("set arrow from %s to %s nohead lw %g lc rgb '%s'", screen(figure, right, y),
            screen(figure, right + 2, y), size.axis, theme.colour(figure.theme, "ink"))
        put(figure, line, text.quote(tick[2]), right + 4.5, y, "left " .. ink(figure, size.small))
        widest = math.max(widest, text.width(tick[2], size.small))
    end
    local title = axis.title(bar)
    if title then
        put(figure, line, text.quote(title), right + 6 + widest + 0.8 * size.text,
            p.bottom + p.height / 2, "center rotate by 90 " .. ink(figure, size.text))
    end
end

local function write_bar(figure, p, bar, line)
    local colour = theme.colour(figure.theme, "ink")
    local unit = bar.along == "y" and p.height / (p.y.high - p.y.low)
        or p.width / (p.x.high - p.x.low)
    local length = bar.length * unit
    local style = ("nohead lw 1.5 lc rgb '%s'"):format(colour)
    if bar.along == "y" then
        local x, y = p.left + p.width + 4, p.bottom + (p.height - length) / 2
        line("set arrow from %s to %s %s", screen(figure, x, y), screen(figure, x, y + length),
            style)
        put(figure, line, text.quote(bar.text), x + 3 + 0.6 * size.small, y + length / 2,
            "center rotate by 90 " .. ink(figure, size.small))
    else
        local x, y = p.left, p.bottom - 6
        line("set arrow from %s to %s %s", screen(figure, x, y), screen(figure, x + length, y),
            style)
        local middle = x + math.max(length, text.width(bar.text, size.small)) / 2
        put(figure, line, text.quote(bar.text), middle, y - 2 - 0.6 * size.small,
            "center " .. ink(figure, size.small))
    end
end

-- ---- a panel

local borders = { axes = 3, box = 15, none = 0 }

local function write_frame(figure, p, line)
    local w, h = figure.width, figure.height
    line("set lmargin at screen %.5f; set rmargin at screen %.5f", p.left / w,
        (p.left + p.width) / w)
    line("set bmargin at screen %.5f; set tmargin at screen %.5f", p.bottom / h,
        (p.bottom + p.height) / h)
    local bottom, top = p.y.low, p.y.high
    if p.y.down then
        bottom, top = top, bottom
    end
    line("set xrange [%.10g:%.10g]; set yrange [%.10g:%.10g]", p.x.low, p.x.high, bottom, top)
    for name, a in pairs { x = p.x, y = p.y } do
        line("%s logscale %s", a.log and "set" or "unset", name)
    end
    local frame = p.frame or "axes"
    if frame == "none" then
        line("unset border; unset xtics; unset ytics")
    else
        line("set border %d lw %g lc rgb '%s'", borders[frame], size.axis,
            theme.colour(figure.theme, "ink"))
        write_ticks(figure, "x", p.x, line)
        write_ticks(figure, "y", p.y, line)
    end
end

local function write_words(figure, p, line)
    for _, word in ipairs(p.words or {}) do
        line("set label %s at first %.7g,%.7g %s %s front", text.quote(word[3]), word[1], word[2],
            word.align or "center", ink(figure, word.size or size.small, word.colour))
    end
end

local function write_panel(figure, p, line)
    line("")
    line("# panel %d: %s", p.number, p.kind)
    line("unset label; unset arrow; unset object")
    write_frame(figure, p, line)
    write_windows(figure, p, line)
    write_axis_titles(figure, p, line)
    write_top(figure, p, line)
    if p.colorbar then
        write_colorbar(figure, p, line)
    end
    for _, bar in ipairs(p.bars or {}) do
        write_bar(figure, p, bar, line)
    end
    write_words(figure, p, line)
    if p.number == 1 and figure.title then
        put(figure, line, text.bold(figure.title), figure.width / 2,
            figure.height - 5 - size.title * 0.6, "center " .. ink(figure, size.title + 1))
    end
    local elements = {}
    for i, layer in ipairs(p.layers) do
        elements[i] = layers.element(layer, name_of(p, i), figure.theme)
    end
    line("plot %s", table.concat(elements, ", \\\n     "))
end

--- The script of a figure { panels = in order, width =, height = (pt), format =, theme =, dpi =,
--- path =, title = }.
function script.write(figure)
    local lines, line = writer()
    line("# A picture of hillock's for gnuplot 5. It draws to the file below; to another one with")
    line("# gnuplot -e \"output='OTHER'\" THIS_FILE")
    line("if (!exists(\"output\")) output = %s", text.path(figure.path))
    line("")
    for _, p in ipairs(figure.panels) do
        write_data(p, line)
    end
    line("")
    line("set encoding utf8")
    line("set terminal %s", terminal(figure))
    line("set output output")
    line("set multiplot")
    line("unset key")
    for _, p in ipairs(figure.panels) do
        write_panel(figure, p, line)
    end
    line("unset multiplot")
    line("unset output")
    return table.concat(lines, "\n") .. "\n"
end

return script
