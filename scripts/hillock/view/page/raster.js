// SPDX-License-Identifier: BSD-3-Clause
// raster: a panel of spikes, a dot each, a row a cell; the cells' rates below; events of inputs.
const raster = (() => {
    "use strict";

    const { element } = base;

    // The row of each event, from 0, and what rows are: by cell's number, by input, or by what a
    // source is otherwise called.
    function rowsOf(recording, net) {
        const source = recording.source();
        const kind = recording.columns[1];
        if (kind === "cell" || kind === "input") {
            const row = new Uint32Array(source.length);
            let most = kind === "cell" ? net.n : net.inputs;
            for (let i = 0; i < source.length; i++) {
                row[i] = kind === "cell" ? net.numberOf(source[i]) - 1 : source[i];
                most = Math.max(most, row[i] + 1);
            }
            return {
                row,
                n: most,
                cells: kind === "cell",
                name: (r) => (kind === "cell" ? net.cellName(r + 1) : `input ${r}`),
                id: (r) => (kind === "cell" ? net.idOf(r + 1) : r),
            };
        }
        const known = [...new Set(source)].sort((a, b) => a - b);
        const at = new Map(known.map((s, r) => [s, r]));
        return {
            row: Uint32Array.from(source, (s) => at.get(s)),
            n: known.length,
            cells: false,
            name: (r) => `source ${known[r]}`,
            id: (r) => known[r],
        };
    }

    function panel(host, recording, net, state) {
        const t = recording.t(),
            rows = rowsOf(recording, net);
        const n = Math.max(rows.n, 1);
        let lit = -1,
            chart;

        // A hundred thousand dots are drawn pixel by pixel, which is far quicker than as shapes.
        const sheet = document.createElement("canvas");
        function draw(context, plot, x, per) {
            const begin = performance.now();
            const { left, top, width, height } = plot.bbox,
                ratio = uPlot.pxRatio;
            const w = Math.max(Math.round(width), 1),
                h = Math.max(Math.round(height), 1);
            const lane = h / n;
            const [from, to] = timeline.range;
            const first = data.lower(t, from),
                last = data.lower(t, to + 1e-9);
            const least = Math.ceil((last - first < 20000 ? 2 : 1.4) * ratio);
            const tall = Math.max(Math.round(lane * 0.8), least);
            const wide = Math.max(Math.round(Math.min(lane * 0.5, 2 * ratio)), least);
            const image = new ImageData(w, h),
                pixels = new Uint32Array(image.data.buffer);
            const inks = inksOf();
            for (let i = first; i < last; i++) {
                const r = rows.row[i],
                    ink = inks[r];
                const x0 = Math.max(Math.round((t[i] - from) * per - wide / 2), 0),
                    x1 = Math.min(x0 + wide, w);
                const y0 = Math.max(Math.round((r + 0.5) * lane - tall / 2), 0),
                    y1 = Math.min(y0 + tall, h);
                for (let y = y0; y < y1; y++) {
                    pixels.fill(ink, y * w + x0, y * w + x1);
                }
            }
            sheet.width = w;
            sheet.height = h;
            sheet.getContext("2d").putImageData(image, 0, 0);
            context.drawImage(sheet, left, top);
            state.timings.raster = performance.now() - begin;
        }

        // The colour of each row as a pixel has it, from "#rrggbb".
        function inksOf() {
            const pixel = (text) => {
                const rgb = parseInt(text.slice(1), 16);
                return (0xff000000 | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
            };
            const plain = pixel(colour.of("--muted"));
            return Uint32Array.from({ length: n }, (_, r) =>
                rows.cells ? pixel(net.colourOf(r + 1)) : plain,
            );
        }

        function over(context, plot, x) {
            if (lit >= 0) {
                const { top, height } = plot.bbox,
                    ratio = uPlot.pxRatio;
                context.strokeStyle = colour.of("--text");
                context.lineWidth = 1.5 * ratio;
                context.beginPath();
                context.arc(x(t[lit]), top + ((rows.row[lit] + 0.5) * height) / n, 5 * ratio, 0, 7);
                context.stroke();
            }
        }

        // The nearest dot within some pixels.
        function hover(time, x, y, plot) {
            const per = plot.over.clientWidth / (timeline.range[1] - timeline.range[0]);
            const tall = plot.over.clientHeight / n,
                reach = 12;
            let best = -1,
                least = reach * reach;
            const last = data.lower(t, time + reach / per);
            for (let i = data.lower(t, time - reach / per); i < last; i++) {
                const dx = (t[i] - time) * per,
                    dy = (rows.row[i] + 0.5) * tall - y;
                if (dx * dx + dy * dy < least) {
                    least = dx * dx + dy * dy;
                    best = i;
                }
            }
            light(best);
            if (best < 0) {
                state.hover = null;
                return undefined;
            }
            const r = rows.row[best];
            state.hover = { panel: recording.name, source: rows.id(r), t: t[best] };
            return {
                x: plot.valToPos(t[best], "x"),
                y: (r + 0.5) * tall,
                lines: [rows.name(r), `t = ${base.time(t[best])}`],
            };
        }

        function light(i) {
            if (i !== lit) {
                lit = i;
                chart.relight();
            }
        }

        function splits() {
            const every = Math.max(base.round(n / 5) || 1, 1);
            const list = [];
            for (let r = 0; r < n; r += every) {
                list.push(n - r - 0.5);
            }
            return list;
        }

        const spikes = recording.kind === "spikes";
        host.append(
            element(
                "div",
                { class: "head" },
                element("h3", { text: spikes ? "Spikes" : "Inputs" }),
                element("span", {
                    class: "unit",
                    text: base.plural(t.length, spikes ? "spike" : "event"),
                }),
                rows.cells && net.populations.length > 1 ? legend(net) : null,
            ),
        );
        if (!t.length) {
            return;
        }
        const body = element("div", {});
        host.append(body);
        chart = timeline.chart(body, {
            label:
                base.plural(t.length, spikes ? "spike" : "event") +
                ` of ${rows.n} ${rows.cells ? "cells" : "sources"}`,
            height: () => Math.min(Math.max(n * 9 + 48, 130), innerWidth < 760 ? 260 : 320),
            draw,
            over,
            hover,
            grid: false,
            y: () => [0, n],
            splits,
            names: () => splits().map((s) => String(rows.id(Math.round(n - s - 0.5)))),
            left() {
                state.hover = null;
                light(-1);
            },
        });
        if (spikes && rows.cells) {
            rates(host, t, rows, net, state);
        }
    }

    function legend(net) {
        const key = element("span", { class: "legend" });
        const fill = () =>
            key.replaceChildren(
                ...net.populations.map((p) =>
                    element(
                        "span",
                        {},
                        element("i", { style: `background: ${net.colourOf(p.first)}` }),
                        p.name,
                    ),
                ),
            );
        fill();
        colour.changed(fill);
        return key;
    }

    // The mean rate of each population's cells, in bins that suit what is seen.
    function rates(host, t, rows, net, state) {
        const groups = net.populations.length
            ? net.populations
            : [{ first: 1, n: rows.n, order: 0, name: "" }];
        const unit = element("span", { class: "unit" });
        const chosen = base.select(
            "width of a bin",
            [
                ["0", "bins that fit"],
                ...[1, 2, 5, 10, 20, 50, 100].map((w) => [String(w), `bins of ${w} ms`]),
            ],
            "0",
            () => update(),
        );
        let counted, chart;

        function width() {
            const span = timeline.range[1] - timeline.range[0];
            return Number(chosen.value) || Math.max(base.round(span / 80), 0.1);
        }

        // Rates in all bins of this width; they stand at multiples of it, wherever one looks.
        function count() {
            const w = width();
            if (counted?.w === w) {
                return counted;
            }
            const n = Math.max(Math.ceil(timeline.full[1] / w + 1e-9), 1);
            const of = new Map();
            groups.forEach((p, k) => {
                for (let i = 0; i < p.n; i++) {
                    of.set(p.first - 1 + i, k);
                }
            });
            const rate = groups.map(() => new Float64Array(n));
            for (let i = 0; i < t.length; i++) {
                const k = of.get(rows.row[i]);
                if (k !== undefined) {
                    rate[k][Math.min(Math.floor(t[i] / w + 1e-9), n - 1)] +=
                        1000 / (w * groups[k].n);
                }
            }
            const high = Math.max(...rate.map((r) => r.reduce((a, b) => Math.max(a, b), 0)), 1);
            counted = { w, n, rate, high };
            return counted;
        }

        function draw(context, plot, x) {
            const { w, n, rate, high } = count(),
                { top, height } = plot.bbox,
                ratio = uPlot.pxRatio;
            const y = (r) => top + height * (1 - r / (high * 1.08));
            const first = Math.max(Math.floor(timeline.range[0] / w), 0);
            const last = Math.min(Math.ceil(timeline.range[1] / w), n);
            groups.forEach((p, k) => {
                context.beginPath();
                context.moveTo(x(first * w), y(0));
                for (let i = first; i < last; i++) {
                    context.lineTo(x(i * w), y(rate[k][i]));
                    context.lineTo(x((i + 1) * w), y(rate[k][i]));
                }
                context.lineTo(x(last * w), y(0));
                context.strokeStyle = context.fillStyle = colour.kind(p.order);
                context.globalAlpha = 0.15;
                context.fill();
                context.globalAlpha = 1;
                context.lineWidth = 1.2 * ratio;
                context.stroke();
            });
        }

        function hover(time, x, y, plot) {
            const { w, n, rate } = count();
            const i = base.clamp(Math.floor(time / w), 0, n - 1);
            state.hover = { panel: "rate", t: i * w, value: rate.map((r) => r[i]) };
            return {
                x: plot.valToPos((i + 0.5) * w, "x"),
                y,
                lines: [
                    `${base.number(i * w)} to ${base.number((i + 1) * w)} ms`,
                    ...groups.map((p, k) => `${p.name} ${base.number(rate[k][i], 4)} Hz`.trim()),
                ],
            };
        }

        function update() {
            unit.textContent = `Hz a cell, bins of ${base.number(width())} ms`;
            chart?.redraw();
        }

        host.append(
            element("div", { class: "head" }, element("h3", { text: "Rate" }), unit, chosen),
        );
        const body = element("div", {});
        host.append(body);
        update();
        chart = timeline.chart(body, {
            label: "mean rate of the cells over time",
            height: () => 140,
            draw,
            hover,
            y: () => [0, count().high * 1.08],
            left() {
                state.hover = null;
            },
        });
        timeline.ranged(() => {
            unit.textContent = `Hz a cell, bins of ${base.number(width())} ms`;
        });
    }

    return { panel };
})();
