// SPDX-License-Identifier: BSD-3-Clause
// main: puts the page together. What the page shows can be read from window.hillockView, which
// scripts/view.md describes.
const main = (() => {
    "use strict";

    const { element } = base;
    const started = performance.now();
    const at = (id) => document.getElementById(id);

    const state = {
        version: 1,
        ready: false,
        hover: null,
        shown: {},
        timings: {},
        morphology: null,
        get range() {
            return [...timeline.range];
        },
        get axes() {
            return timeline.axes;
        },
        get time() {
            return timeline.time;
        },
        get theme() {
            return colour.theme;
        },
        setRange: timeline.setRange,
        setTime: timeline.setTime,
        reset: timeline.reset,
    };
    window.hillockView = state;

    // The time that the runs of a network and its recordings span, and the shortest of their steps.
    function span(recordings, runs) {
        let low = 0,
            high = Math.max(0, ...runs.map((r) => r.until ?? 0)),
            step = Infinity;
        for (const it of recordings) {
            if (it.kind === "values" && it.rows) {
                low = Math.min(low, it.t(0));
                high = Math.max(high, it.t(it.rows - 1));
                step = it.step > 0 ? Math.min(step, it.step) : step;
            } else if (it.kind !== "values" && it.t().length) {
                high = Math.max(high, it.t()[it.t().length - 1]);
            }
        }
        return [[low, high > low ? high : low + 1], Number.isFinite(step) ? step : 0.025];
    }

    function summary(manifest, net, run) {
        const counts = run.counts ?? {};
        const words = [];
        for (const [key, noun] of [
            ["cells", "cell"],
            ["compartments", "compartment"],
            ["connections", "connection"],
        ]) {
            if (counts[key]) {
                words.push(base.plural(counts[key], noun));
            }
        }
        words.push(`${base.number(timeline.full[1] - timeline.full[0])} ms`);
        if (run.options?.seed !== undefined) {
            words.push(`seed ${run.options.seed}`);
        }
        words.push(`hillock ${manifest.versions?.hillock ?? "?"}`);
        return words.join(" \u00b7 ");
    }

    function activity(host, recordings, net) {
        const { zoom, reset } = timeline;
        const button = (text, label, click) =>
            element("button", { type: "button", text, "aria-label": label, title: label, click });
        host.querySelector(".tools").replaceChildren(
            button("\u2212", "see more time", () => zoom(2)),
            button("+", "see less time", () => zoom(0.5)),
            button("all", "see all of the time", reset),
            element("span", {
                class: "hint",
                text:
                    "wheel or drag zooms, shift and drag moves, " +
                    "a click marks a moment, two clicks show all",
            }),
        );
        const panels = [];
        // Somata, spikes, what else was sampled, inputs.
        const rank = (it) =>
            it.kind === "spikes" ? 1 : it.kind === "events" ? 3 : traces.isWide(it, net) ? 2 : 0;
        for (const it of [...recordings].sort((a, b) => rank(a) - rank(b))) {
            const section = host.appendChild(
                element("section", { class: "panel", "data-name": it.name }),
            );
            if (it.kind === "values") {
                panels.push(traces.panel(section, it, net, state));
            } else {
                raster.panel(section, it, net, state);
            }
        }
        if (!recordings.length) {
            host.append(element("p", { class: "none", text: "Nothing was recorded to a file." }));
        }
        return panels;
    }

    function network(host, net) {
        const linked = graph.pairs(net);
        const place = element("div", { class: "picture" });
        const squares = element("div", {});
        const drawGraph = net.n <= graph.most;
        if (!linked.size) {
            host.append(
                element("p", {
                    class: "none",
                    text: `${base.plural(net.n, "cell")}, none connected to another.`,
                }),
            );
            return;
        }
        const [first] = drawGraph ? ["graph"] : ["matrix"];
        const show = (key) => {
            place.hidden = key !== "graph";
            squares.hidden = key !== "matrix";
            words.hidden = key !== "graph";
        };
        const words = element("p", { class: "note" });
        if (drawGraph) {
            words.append(
                "Point at a cell: ",
                element("b", { class: "in", text: "arrows to it" }),
                " and ",
                element("b", { class: "out", text: "from it" }),
                ".",
            );
            host.append(
                base.choice(
                    "view",
                    [
                        ["graph", "graph"],
                        ["matrix", "matrix"],
                    ],
                    first,
                    show,
                ),
            );
            graph.panel(place, net, linked, state);
        } else {
            host.append(
                element("p", {
                    class: "note",
                    text:
                        `${base.whole(net.n)} cells are too many for a graph: ` +
                        "the matrix shows them.",
                }),
            );
        }
        host.append(place, squares, words);
        matrix.panel(squares, net, linked, state);
        show(first);
    }

    // ---- the groups of panels: beside each other, or one at a time on a narrow screen

    const groups = [
        ["activity", "Activity"],
        ["cell", "Cell"],
        ["network", "Network"],
        ["run", "Run"],
    ];

    function tabs(host, present) {
        const buttons = present.map(([id, text]) =>
            element("button", {
                type: "button",
                role: "tab",
                id: `tab-${id}`,
                "aria-controls": id,
                text,
                click: () => show(id),
                keydown(event) {
                    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
                    if (by) {
                        const i = present.findIndex(([other]) => other === id);
                        const next = present[(i + by + present.length) % present.length][0];
                        show(next);
                        at(`tab-${next}`).focus();
                    }
                },
            }),
        );
        function show(id) {
            document.body.dataset.tab = id;
            state.tab = id;
            buttons.forEach((b, i) => {
                const chosen = present[i][0] === id;
                b.setAttribute("aria-selected", String(chosen));
                b.tabIndex = chosen ? 0 : -1;
            });
            timeline.refresh();
        }
        host.replaceChildren(...buttons);
        show(present[0][0]);
    }

    function warn(list) {
        at("warnings").replaceChildren(...list.map((text) => element("p", { text })));
        at("warnings").hidden = list.length === 0;
    }

    function begin() {
        const run = data.json("run"),
            what = data.json("manifest");
        const number = base.clamp(
            Number(/^#network=(\d+)$/.exec(location.hash)?.[1] ?? 1),
            1,
            Math.max(run.networks.length, 1),
        );
        const shown = run.networks[number - 1] ?? { recordings: [] };
        const net = model.make(data.json(`structure-${number}`));
        const recordings = shown.recordings.map(data.recording);
        timeline.begin(...span(recordings, shown.runs ?? []));
        warn(run.warnings);
        at("theme").addEventListener("click", colour.toggle);
        if (run.networks.length > 1) {
            at("which").replaceChildren(
                base.select(
                    "network",
                    run.networks.map((n, i) => [String(i + 1), n.name]),
                    String(number),
                    (k) => {
                        location.hash = `network=${k}`;
                        location.reload();
                    },
                ),
            );
        }
        at("summary").textContent = summary(what, net, shown);
        const panels = activity(at("activity"), recordings, net);
        const flip = (recording, k) => panels.find((p) => p.recording === recording).flip(k);
        const body = (id) => at(id).querySelector(".body");
        const hasCell = morphology.panel(body("cell"), net, panels, state, flip);
        at("cell").hidden = !hasCell;
        at("network").hidden = net.n < 2;
        if (net.n > 1) {
            network(body("network"), net);
        }
        manifest.panel(body("run"), what);
        transport.bar(at("transport"));
        tabs(
            at("tabs"),
            groups.filter(([id]) => !at(id).hidden),
        );
        document.body.classList.add("ready");
        requestAnimationFrame(() =>
            requestAnimationFrame(() => {
                state.timings.start = performance.now() - started;
                state.timings.ready = performance.now();
                state.ready = true;
            }),
        );
    }

    return { begin };
})();
main.begin();
