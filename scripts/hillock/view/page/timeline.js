// SPDX-License-Identifier: BSD-3-Clause
// timeline: the time axis that all charts share: what of it is seen, the moment that is marked, and
// the gestures that move both. A chart is uPlot's axes, grid and crosshair; what is in it is drawn
// by whoever makes the chart.
const timeline = (() => {
    "use strict";

    const { element, clamp } = base;
    const charts = new Set();
    const ranged = [],
        moved = [];
    const it = { full: [0, 1], range: [0, 1], time: 0, least: 0.01 };
    let asked = false;

    // full: the whole of time; step: the shortest that is worth seeing.
    function begin(full, step) {
        it.full = full;
        it.range = [...full];
        it.time = full[0];
        it.least = Math.max(4 * step, 1e-6 * (full[1] - full[0]));
    }

    function redraw() {
        asked = false;
        const [min, max] = it.range;
        for (const chart of charts) {
            chart.plot.setScale("x", { min, max });
        }
        ranged.forEach((tell) => tell(it.range));
    }

    function setRange(from, to) {
        const span = clamp(to - from, it.least, it.full[1] - it.full[0]);
        const begin = clamp((from + to - span) / 2, it.full[0], it.full[1] - span);
        it.range = [begin, begin + span];
        if (!asked) {
            asked = true;
            requestAnimationFrame(redraw);
        }
        for (const chart of charts) {
            chart.mark();
        }
    }

    const reset = () => setRange(...it.full);

    function zoom(factor, at = (it.range[0] + it.range[1]) / 2) {
        const [from, to] = it.range;
        const span = clamp((to - from) * factor, it.least, it.full[1] - it.full[0]);
        const share = (at - from) / (to - from);
        setRange(at - share * span, at + (1 - share) * span);
    }

    function pan(by) {
        const [from, to] = it.range;
        const shift = clamp(by, it.full[0] - from, it.full[1] - to);
        setRange(from + shift, to + shift);
    }

    function setTime(t) {
        it.time = clamp(t, ...it.full);
        for (const chart of charts) {
            chart.mark();
        }
        moved.forEach((tell) => tell(it.time));
    }

    // ---- gestures

    function wheel(event, over, t) {
        event.preventDefault();
        const unit = event.deltaMode === 1 ? 30 : 1;
        const along = event.shiftKey ? event.deltaY : event.deltaX;
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
            pan((along * unit * (it.range[1] - it.range[0])) / over.clientWidth);
        } else {
            zoom(Math.exp(clamp(event.deltaY * unit, -240, 240) * 0.0025), t(event));
        }
    }

    // One finger, or the mouse with shift, moves the range; two fingers stretch it. uPlot draws the
    // mouse's box. A press without a move marks the moment.
    function pointers(over, t) {
        const down = new Map();
        let pressed,
            moves = 0;
        over.addEventListener("pointerdown", (event) => {
            pressed = [event.clientX, event.clientY];
            moves = 0;
            if (event.pointerType !== "mouse" || event.shiftKey) {
                down.set(event.pointerId, event.clientX);
                over.setPointerCapture(event.pointerId);
            }
        });
        over.addEventListener("pointermove", (event) => {
            if (pressed && Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 4) {
                moves++;
            }
            if (!down.has(event.pointerId)) {
                return;
            }
            const before = [...down.values()];
            down.set(event.pointerId, event.clientX);
            const after = [...down.values()];
            const a = it.range[0],
                span = it.range[1] - a;
            const width = over.clientWidth,
                left = over.getBoundingClientRect().left;
            const middle = (list) => (Math.min(...list) + Math.max(...list)) / 2 - left;
            const apart = (list) => Math.max(Math.max(...list) - Math.min(...list), 12);
            const shown = down.size > 1 ? (span * apart(before)) / apart(after) : span;
            const held = a + (span * middle(before)) / width;
            setRange(
                held - (shown * middle(after)) / width,
                held + shown * (1 - middle(after) / width),
            );
        });
        for (const name of ["pointerup", "pointercancel"]) {
            over.addEventListener(name, (event) => {
                down.delete(event.pointerId);
                if (name === "pointerup" && pressed && moves === 0) {
                    setTime(t(event));
                }
                pressed = undefined;
            });
        }
    }

    function key(event) {
        const span = it.range[1] - it.range[0];
        const does = {
            ArrowLeft: () => pan(-span / 10),
            ArrowRight: () => pan(span / 10),
            "+": () => zoom(0.5),
            "=": () => zoom(0.5),
            "-": () => zoom(2),
            0: reset,
            Home: reset,
            Escape: reset,
        }[event.key];
        if (does && !event.ctrlKey && !event.metaKey && !event.altKey) {
            event.preventDefault();
            does();
        }
    }

    // ---- charts

    // The width of the axis at the left is the same in all charts, so that times stand below each
    // other: what the widest names need.
    const rooms = new Map();
    let margin = 44;

    function ticks(plot, splits) {
        const digits = splits.length > 1 ? base.decimals(splits[1] - splits[0]) : 3;
        return splits.map((x) => x.toFixed(digits).replace("-", "\u2212"));
    }

    function axes(options) {
        const font = "12px system-ui, sans-serif";
        const stroke = () => colour.of("--muted");
        const line = { stroke: () => colour.of("--line"), width: 1 };
        return [
            {
                stroke,
                font,
                grid: line,
                ticks: { ...line, size: 4 },
                space: 60,
                size: 26,
                gap: 3,
                // The first tick says what the numbers are.
                values: (plot, splits) =>
                    ticks(plot, splits).map((text, i) => (i ? text : `${text} ms`)),
            },
            {
                stroke,
                font,
                grid: { ...line, show: options.grid !== false },
                ticks: { ...line, size: 4 },
                size: () => margin,
                space: 28,
                gap: 4,
                splits: options.splits && (() => options.splits()),
                values: options.names ? () => options.names() : ticks,
            },
        ];
    }

    // options: label (for who cannot see it), height, y() -> [low, high], draw(context, plot, x),
    // hover(t, x, y, plot) -> { x, y, lines } or nothing; left(); over(context, plot, x, per): what
    // is drawn above the rest, when relight() is called; splits() and names() of the y axis.
    function chart(host, options) {
        const box = element("div", {
            class: "chart",
            tabindex: "0",
            role: "group",
            keydown: key,
            "aria-label": `${options.label}. Plus and minus zoom, arrows move, 0 shows all.`,
        });
        host.append(box);
        const width = () => Math.max(box.clientWidth, 120);
        const plot = new uPlot(
            {
                width: width(),
                height: options.height(),
                padding: [8, 16, 0, 0],
                legend: { show: false },
                scales: {
                    x: { time: false, range: () => it.range },
                    y: { range: () => options.y() },
                },
                series: [{}, { paths: () => null, points: { show: false } }],
                axes: axes(options),
                cursor: {
                    y: false,
                    points: { show: false },
                    sync: { key: "hillock", scales: ["x", null] },
                    drag: { x: true, y: false, setScale: false, dist: 5 },
                    bind: {
                        dblclick: () => null,
                        mousedown: (u, target, handle) => (event) => {
                            if (event.button === 0 && !event.shiftKey) {
                                handle(event);
                            }
                        },
                    },
                },
                hooks: {
                    draw: [(u) => draw(u, options)],
                    setSelect: [
                        (u) => {
                            const { left, width: wide } = u.select;
                            if (wide > 0) {
                                u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
                                setRange(u.posToVal(left, "x"), u.posToVal(left + wide, "x"));
                            }
                        },
                    ],
                },
            },
            [[...it.full], [0, 0]],
            box,
        );
        const { over } = plot;
        const line = element("div", { class: "moment" });
        const glass = element("canvas", { class: "glass", "aria-hidden": "true" });
        over.append(glass, line);
        const t = (event) => plot.posToVal(base.place(event, over)[0], "x");
        over.addEventListener("wheel", (event) => wheel(event, over, t), { passive: false });
        over.addEventListener("dblclick", reset);
        pointers(over, t);
        hovering(over, plot, t, options);
        const made = {
            plot,
            box,
            mark() {
                const share = (it.time - it.range[0]) / (it.range[1] - it.range[0]);
                line.hidden = share < 0 || share > 1;
                line.style.transform = `translateX(${share * over.clientWidth}px)`;
            },
            redraw: () => plot.redraw(true, true),
            relight: () => light(plot, glass, options),
            resize() {
                plot.setSize({ width: width(), height: options.height() });
                made.mark();
            },
        };
        charts.add(made);
        let wide = box.clientWidth;
        new ResizeObserver(() => {
            if (box.clientWidth && box.clientWidth !== wide) {
                wide = box.clientWidth;
                made.resize();
            }
        }).observe(box);
        made.mark();
        return made;
    }

    // Draws what is in the chart, in canvas pixels: x(t) is a place, `per` are pixels a ms.
    function draw(plot, options) {
        const { left, top, width, height } = plot.bbox,
            context = plot.ctx;
        const [from, to] = it.range,
            per = width / (to - from);
        context.save();
        context.beginPath();
        context.rect(left, top, width, height);
        context.clip();
        options.draw(context, plot, (t) => left + (t - from) * per, per);
        context.restore();
    }

    // The same on a canvas of its own above it, for what changes with the pointer.
    function light(plot, glass, options) {
        const { left, top, width, height } = plot.bbox;
        const [from, to] = it.range,
            per = width / (to - from);
        glass.width = width;
        glass.height = height;
        const context = glass.getContext("2d");
        context.translate(-left, -top);
        options.over?.(context, plot, (t) => left + (t - from) * per, per);
    }

    function hovering(over, plot, t, options) {
        function leave() {
            base.hideTip();
            options.left?.();
        }
        over.addEventListener("pointermove", (event) => {
            const [x, y] = base.place(event, over);
            const found =
                event.buttons && event.pointerType === "mouse"
                    ? undefined
                    : options.hover?.(t(event), x, y, plot);
            if (found) {
                base.showTip(over, found.x, found.y, found.lines);
            } else {
                leave();
            }
        });
        over.addEventListener("pointerleave", leave);
        over.addEventListener("pointerdown", (event) => {
            const [x, y] = base.place(event, over);
            if (event.pointerType !== "mouse") {
                const found = options.hover?.(t(event), x, y, plot);
                if (found) {
                    base.showTip(over, found.x, found.y, found.lines);
                }
            }
        });
    }

    // The room that the names at the left of a chart need: the longest has so many letters.
    function room(name, letters) {
        rooms.set(name, letters);
        const wanted = Math.ceil(Math.max(...rooms.values()) * 6.4 + 14);
        const before = margin;
        margin = clamp(wanted, 44, innerWidth < 600 ? 76 : 124);
        if (margin !== before) {
            for (const chart of charts) {
                chart.redraw();
            }
        }
    }

    function refresh() {
        for (const chart of charts) {
            if (chart.box.clientWidth) {
                chart.resize();
            }
        }
    }

    colour.changed(refresh);

    return {
        get full() {
            return it.full;
        },
        get range() {
            return it.range;
        },
        get time() {
            return it.time;
        },
        begin,
        setRange,
        reset,
        zoom,
        pan,
        setTime,
        chart,
        room,
        refresh,
        // What each chart's axis shows.
        get axes() {
            return [...charts].map(({ plot }) => [plot.scales.x.min, plot.scales.x.max]);
        },
        ranged: (tell) => ranged.push(tell),
        moved: (tell) => moved.push(tell),
        forget(chart) {
            chart.plot.destroy();
            chart.box.remove();
            charts.delete(chart);
        },
    };
})();
