// SPDX-License-Identifier: BSD-3-Clause
// traces: a panel for each recording of values: one above the other, or all on one scale.
const traces = (() => {
    "use strict";

    const { element } = base;
    const most = 128; // traces that stand one above the other at first

    // Those shown at first: all; of a recording of many places, one place of each cell.
    function firstShown(list) {
        const seen = new Set();
        const places = new Set(list.map((t) => `${t.section}(${t.x})`));
        return list.map((t) => {
            if (t.cell === undefined || places.size === 1 || list.length <= 12) {
                return true;
            }
            const fresh = !seen.has(t.cell);
            seen.add(t.cell);
            return fresh;
        });
    }

    // Has the recording many places of a cell?
    function isWide(recording, net) {
        const list = model.traces(recording, net);
        return list.length > new Set(list.map((t) => t.cell ?? t.column)).size;
    }

    function panel(host, recording, net, state) {
        const list = model.traces(recording, net);
        const shown = firstShown(list);
        const levels = list.map((_, k) => data.lazy(() => envelope.make(recording.trace(k))));
        const visible = () => list.map((_, k) => k).filter((k) => shown[k]);
        let stacked = visible().length > 1 && visible().length <= most;
        let bounds = [0, 1],
            lit = -1,
            chart;

        // The least and the greatest of what is shown, with some air.
        function measure() {
            let low = Infinity,
                high = -Infinity;
            for (const k of visible()) {
                const [a, b] = envelope.extremes(levels[k]());
                low = Math.min(low, a);
                high = Math.max(high, b);
            }
            if (low > high) {
                [low, high] = [0, 1];
            }
            const air = (high - low) * 0.05 || Math.abs(high) * 0.05 || 1;
            bounds = [low - air, high + air];
        }

        // Colours tell populations apart, or the traces where they are few.
        function stroke(k) {
            const t = list[k];
            if (net.populations.length > 1 && t.cell !== undefined) {
                return net.colourOf(t.cell);
            }
            const all = visible();
            return all.length <= 6 ? colour.kind(all.indexOf(k)) : colour.kind(0);
        }

        // How many lanes a trace is tall: where they are narrow, it reaches over the one above.
        const reach = (count) => (stacked && (height() - 40) / count < 12 ? 2 : 1);

        // The height of a lane of so many in a box.
        const laneOf = (count, tall) => (stacked ? tall / (count - 1 + reach(count)) : tall);

        // y of a value of the lane-th of those shown, in pixels of a box.
        function mapping(lane, count, top, tall) {
            const [low, high] = bounds,
                more = reach(count),
                one = laneOf(count, tall);
            const floor = stacked ? top + (lane + more) * one : top + tall;
            const per = (one * more) / (high - low);
            return (v) => floor - (v - low) * per;
        }

        function path(k, lane, count, box, x, per) {
            const [from, to] = timeline.range;
            const first = Math.max(recording.index(from) - 1, 0);
            const last = Math.min(recording.index(to) + 1, recording.rows);
            const { t } = recording;
            const it = new Path2D();
            envelope.trace(
                it,
                levels[k](),
                first,
                last,
                recording.step > 0 ? 1 / (per * recording.step) : 1,
                (i) => x(t(i)),
                mapping(lane, count, box.top, box.height),
            );
            return it;
        }

        function draw(context, plot, x, per) {
            const all = visible(),
                ratio = uPlot.pxRatio;
            const begin = performance.now();
            context.lineJoin = "round";
            context.lineWidth = ratio * (all.length > 24 ? 0.8 : 1.2);
            context.globalAlpha = !stacked && all.length > 24 ? 0.55 : 1;
            all.forEach((k, lane) => {
                context.strokeStyle = stroke(k);
                context.stroke(path(k, lane, all.length, plot.bbox, x, per));
            });
            if (stacked && all.length) {
                scaleBar(context, plot.bbox, all.length, ratio);
            }
            state.timings.traces = performance.now() - begin;
        }

        // The trace that is pointed at.
        function over(context, plot, x, per) {
            if (lit >= 0 && shown[lit]) {
                const all = visible();
                context.lineJoin = "round";
                context.lineWidth = 2 * uPlot.pxRatio;
                context.strokeStyle = colour.of("--text");
                context.stroke(path(lit, all.indexOf(lit), all.length, plot.bbox, x, per));
            }
        }

        // Values have no axis where traces stand one above the other: a bar says how tall they are.
        function scaleBar(context, box, count, ratio) {
            const y = mapping(0, count, 0, box.height),
                per = y(0) - y(1);
            const size = base.round(Math.max((bounds[1] - bounds[0]) * 0.8, (12 * ratio) / per));
            const tall = size * per;
            const right = box.left + box.width - 8 * ratio,
                bottom = box.top + box.height - 6 * ratio;
            context.globalAlpha = 1;
            context.fillStyle = context.strokeStyle = colour.of("--text");
            context.lineWidth = 2 * ratio;
            context.beginPath();
            context.moveTo(right, bottom);
            context.lineTo(right, bottom - tall);
            context.stroke();
            context.font = `${11 * ratio}px system-ui, sans-serif`;
            context.textAlign = "right";
            context.textBaseline = "middle";
            const text = `${base.number(size)} ${recording.unit}`;
            const wide = context.measureText(text).width;
            context.fillStyle = colour.of("--card");
            context.globalAlpha = 0.8;
            context.fillRect(
                right - 6 * ratio - wide,
                bottom - tall / 2 - 8 * ratio,
                wide + 2 * ratio,
                16 * ratio,
            );
            context.globalAlpha = 1;
            context.fillStyle = colour.of("--text");
            context.fillText(text, right - 5 * ratio, bottom - tall / 2);
        }

        function hover(t, x, y, plot) {
            const all = visible(),
                height = plot.over.clientHeight;
            if (!recording.rows || !all.length) {
                return undefined;
            }
            const i = recording.nearest(t);
            let best = -1,
                least = 40;
            all.forEach((k, lane) => {
                const at = mapping(lane, all.length, 0, height)(recording.trace(k)[i]);
                const own =
                    stacked &&
                    Math.floor(y / laneOf(all.length, height) - reach(all.length) + 1) === lane
                        ? 12
                        : 0;
                if (Math.abs(at - y) - own < least) {
                    least = Math.abs(at - y) - own;
                    best = k;
                }
            });
            light(best);
            if (best < 0) {
                state.hover = null;
                return undefined;
            }
            const value = recording.trace(best)[i],
                when = recording.t(i);
            state.hover = { panel: recording.name, column: list[best].column, t: when, value };
            return {
                x: plot.valToPos(when, "x"),
                y: mapping(all.indexOf(best), all.length, 0, height)(value),
                lines: [
                    list[best].name,
                    `${recording.what} = ${base.value(value, recording.unit)}`,
                    `t = ${base.time(when)}`,
                ],
            };
        }

        function light(k) {
            if (k !== lit) {
                lit = k;
                chart.relight();
            }
        }

        function height() {
            const n = visible().length;
            const phone = innerWidth < 760;
            return stacked
                ? Math.min(Math.max(n * 34 + 40, 150), phone ? 420 : n > 40 ? 620 : 500)
                : n > 6 && !phone
                  ? 300
                  : 210;
        }

        // Names of those that stand one above the other; every second or so where they are many.
        function lanes() {
            const all = visible();
            const every = Math.ceil((all.length * 13) / Math.max(height() - 40, 1));
            return all.map((k, lane) => (lane % every === 0 ? list[k].short : null));
        }

        function names() {
            const phone = innerWidth < 600;
            const limit = phone ? 10 : 17;
            return lanes().map((name) =>
                name && name.length > limit ? `${name.slice(0, limit - 1)}\u2026` : name,
            );
        }

        function build() {
            measure();
            const chosen = visible();
            timeline.room(
                recording.name,
                stacked ? Math.max(...names().map((n) => n?.length ?? 0)) : 0,
            );
            if (chart) {
                timeline.forget(chart);
            }
            chart = timeline.chart(body, {
                label: `${recording.what} of ${base.plural(chosen.length, "trace")} over time`,
                height,
                draw,
                over,
                hover,
                grid: !stacked,
                y: () =>
                    stacked ? [0, Math.max(chosen.length - 1 + reach(chosen.length), 1)] : bounds,
                splits: stacked
                    ? () => chosen.map((_, lane) => chosen.length - lane - 0.5)
                    : undefined,
                names: stacked ? names : undefined,
                left() {
                    state.hover = null;
                    light(-1);
                },
            });
            count.textContent = `${chosen.length} of ${list.length}`;
            state.shown[recording.name] = chosen.map((k) => list[k].column);
        }

        // ---- what is shown

        const count = element("span", {});
        const body = element("div", {});
        const boxes = list.map((t, k) =>
            element("input", {
                type: "checkbox",
                checked: shown[k],
                change(event) {
                    shown[k] = event.target.checked;
                    build();
                },
            }),
        );

        function show(which) {
            list.forEach((_, k) => {
                shown[k] = which(k);
                boxes[k].checked = shown[k];
            });
            build();
        }

        const rows = list.map((t, k) =>
            element("label", {}, boxes[k], element("span", { text: t.name })),
        );
        const search = element("input", {
            type: "search",
            placeholder: "find a trace",
            "aria-label": "find a trace",
            input() {
                const wanted = search.value.toLowerCase();
                rows.forEach((row, k) => {
                    row.hidden = !list[k].name.toLowerCase().includes(wanted);
                });
            },
        });
        const chooser = element(
            "details",
            { class: "chooser" },
            element("summary", {}, "traces: ", count),
            element(
                "div",
                { class: "tools" },
                search,
                element("button", {
                    type: "button",
                    text: "all",
                    click: () => show((k) => !rows[k].hidden),
                }),
                element("button", { type: "button", text: "none", click: () => show(() => false) }),
            ),
            element("div", { class: "list" }, ...rows),
        );
        const layout = base.choice(
            "layout",
            [
                ["stacked", "stacked"],
                ["overlaid", "overlaid"],
            ],
            stacked ? "stacked" : "overlaid",
            (key) => {
                stacked = key === "stacked";
                build();
            },
        );
        host.append(
            element(
                "div",
                { class: "head" },
                element("h3", {
                    text: recording.what === "v" ? "Membrane potential" : recording.what,
                }),
                element("span", {
                    class: "unit",
                    text:
                        recording.name === recording.what
                            ? recording.unit
                            : `${recording.unit} (${recording.name})`.trim(),
                }),
                list.length > 1 ? chooser : null,
                list.length > 1 ? layout : null,
            ),
            body,
        );
        build();

        return {
            list,
            recording,
            // Shows a trace that a click elsewhere names, or takes it away.
            flip(k) {
                shown[k] = !shown[k];
                boxes[k].checked = shown[k];
                build();
            },
        };
    }

    return { panel, isWide };
})();
