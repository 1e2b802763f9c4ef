// SPDX-License-Identifier: BSD-3-Clause
// morphology: a cell as it stands in space, turned by the pointer; its colours are what was
// recorded of its segments at the marked moment, or the domains.
const morphology = (() => {
    "use strict";

    const { element } = base;

    // What colours can show of each cell: recordings of more than one of its segments. Cells are
    // told by number; a type without a cell of that kind stands for itself.
    function subjects(net, panels) {
        const found = new Map();
        for (const { recording, list } of panels) {
            const byCell = new Map();
            list.forEach((t, k) => {
                if (t.cell !== undefined) {
                    byCell.set(t.cell, [...(byCell.get(t.cell) ?? []), k]);
                }
            });
            for (const [cell, traces] of byCell) {
                if (traces.length > 1 && net.population(cell)) {
                    const subject = found.get(cell) ?? {
                        cell,
                        name: net.cellName(cell),
                        type: net.population(cell).type,
                        layers: [],
                    };
                    subject.layers.push({ recording, list, traces });
                    found.set(cell, subject);
                }
            }
        }
        const shown = new Set([...found.values()].map((s) => s.type));
        const types = Object.keys(net.types)
            .filter((name) => !shown.has(name))
            .map((name) => ({ name, type: name, layers: [] }));
        return [...[...found.values()].sort((a, b) => a.cell - b.cell), ...types];
    }

    // Which trace is of which segment, by the segment's number from 0; -1 of none.
    function assign(layer, type) {
        const of = new Int32Array(type.segments.length).fill(-1);
        const bySection = new Map();
        type.segments.forEach((segment, i) => {
            const name = model.sectionName(type, segment);
            bySection.set(name, [...(bySection.get(name) ?? []), i]);
        });
        for (const k of layer.traces) {
            const { section, x } = layer.list[k];
            let best = -1;
            for (const i of bySection.get(section) ?? []) {
                if (
                    best < 0 ||
                    Math.abs(type.segments[i].x - x) < Math.abs(type.segments[best].x - x)
                ) {
                    best = i;
                }
            }
            if (best >= 0) {
                of[best] = k;
            }
        }
        return of;
    }

    function bounds(layer) {
        let low = Infinity,
            high = -Infinity;
        for (const k of layer.traces) {
            for (const v of layer.recording.trace(k)) {
                low = v < low ? v : low;
                high = v > high ? v : high;
            }
        }
        return low < high ? [low, high] : [low - 1, low + 1];
    }

    function panel(host, net, panels, state, flip) {
        const all = subjects(net, panels);
        if (!all.length) {
            return false;
        }
        const view = { yaw: 0, pitch: 0, zoom: 1, dx: 0, dy: 0 };
        let subject,
            geometry,
            type,
            layer,
            of,
            limits,
            domains,
            lit = -1,
            drawn = [];

        function take(index) {
            subject = all[index];
            type = net.types[subject.type];
            geometry = shape.make(type);
            domains = [...new Set(geometry.sections.map((s) => s.domain))];
            const layers = [
                ["domain", "domain"],
                ...subject.layers.map((l, i) => [String(i), l.recording.name]),
            ];
            by.replaceChildren(
                ...layers.map(([key, text]) =>
                    element("option", { value: key, text: `colour: ${text}` }),
                ),
            );
            by.value = subject.layers.length ? "0" : "domain";
            Object.assign(view, { yaw: 0, pitch: 0, zoom: 1, dx: 0, dy: 0 });
            paintBy();
        }

        function paintBy() {
            layer = by.value === "domain" ? undefined : subject.layers[Number(by.value)];
            of = layer && assign(layer, type);
            limits = layer && bounds(layer);
            state.morphology = {
                subject: subject.name,
                colour: layer ? layer.recording.name : "domain",
            };
            legend();
            picture.redraw();
        }

        function legend() {
            scale.replaceChildren(
                layer
                    ? colour.bar(limits[0], limits[1], layer.recording.unit)
                    : element(
                          "span",
                          { class: "legend" },
                          ...domains.map((d, i) =>
                              element(
                                  "span",
                                  {},
                                  element("i", { style: `background: ${colour.kind(i)}` }),
                                  d,
                              ),
                          ),
                      ),
            );
        }

        // ---- drawing

        const value = (segment, t) => {
            const k = of[segment];
            return k < 0 ? NaN : layer.recording.trace(k)[layer.recording.nearest(t)];
        };

        function project(width, height) {
            const [low, high] = geometry.box;
            const middle = low.map((x, k) => (x + high[k]) / 2);
            const fit = Math.min(
                (width - 24) / (high[0] - low[0] || 1),
                (height - 44) / (high[1] - low[1] || 1),
            );
            const scale = fit * view.zoom;
            const [cy, sy, cp, sp] = [
                Math.cos(view.yaw),
                Math.sin(view.yaw),
                Math.cos(view.pitch),
                Math.sin(view.pitch),
            ];
            const at = (p) => {
                const x = p[0] - middle[0],
                    y = p[1] - middle[1],
                    z = p[2] - middle[2];
                const across = x * cy + z * sy,
                    deep = z * cy - x * sy;
                return [
                    width / 2 + view.dx + across * scale,
                    (height - 20) / 2 + view.dy - (y * cp - deep * sp) * scale,
                    y * sp + deep * cp,
                ];
            };
            return { at, scale };
        }

        function draw(context, width, height) {
            const begin = performance.now();
            const { at, scale } = project(width, height);
            drawn = geometry.pieces.map((piece) => {
                const a = at(piece.a),
                    b = at(piece.b);
                return {
                    a,
                    b,
                    piece,
                    wide: Math.max(((piece.a[3] + piece.b[3]) / 2) * scale, 2.2),
                    deep: a[2] + b[2],
                };
            });
            drawn.sort((p, q) => p.deep - q.deep);
            const paints = new Map();
            const paint = (piece) => {
                if (!layer) {
                    return colour.kind(domains.indexOf(piece.section.domain));
                }
                if (!paints.has(piece.segment)) {
                    paints.set(
                        piece.segment,
                        colour.css(value(piece.segment, timeline.time), ...limits),
                    );
                }
                return paints.get(piece.segment);
            };
            for (const { a, b, piece, wide } of drawn) {
                if (piece.a === piece.b) {
                    context.beginPath();
                    context.arc(a[0], a[1], wide / 2, 0, 7);
                    context.fillStyle = paint(piece);
                    context.fill();
                    continue;
                }
                context.lineCap = piece.section.domain === "soma" ? "butt" : "round";
                context.beginPath();
                context.moveTo(a[0], a[1]);
                context.lineTo(b[0], b[1]);
                context.strokeStyle = paint(piece);
                context.lineWidth = wide;
                context.stroke();
            }
            if (lit >= 0) {
                outline(context);
            }
            ruler(context, width, height, scale);
            state.timings.morphology = performance.now() - begin;
        }

        // The segment that is pointed at.
        function outline(context) {
            context.strokeStyle = colour.of("--text");
            context.lineCap = "butt";
            for (const { a, b, piece, wide } of drawn) {
                if (piece.segment === lit && piece.a === piece.b) {
                    context.lineWidth = 1.5;
                    context.beginPath();
                    context.arc(a[0], a[1], wide / 2 + 2, 0, 7);
                    context.stroke();
                } else if (piece.segment === lit) {
                    const long = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
                    const nx = (-(b[1] - a[1]) / long) * (wide / 2 + 2),
                        ny = ((b[0] - a[0]) / long) * (wide / 2 + 2);
                    context.lineWidth = 1.5;
                    for (const side of [1, -1]) {
                        context.beginPath();
                        context.moveTo(a[0] + side * nx, a[1] + side * ny);
                        context.lineTo(b[0] + side * nx, b[1] + side * ny);
                        context.stroke();
                    }
                }
            }
        }

        function ruler(context, width, height, scale) {
            const size = base.round((width * 0.25) / scale),
                long = size * scale;
            context.strokeStyle = context.fillStyle = colour.of("--muted");
            context.lineWidth = 2;
            context.lineCap = "butt";
            context.beginPath();
            context.moveTo(12, height - 10);
            context.lineTo(12 + long, height - 10);
            context.stroke();
            context.font = "12px system-ui, sans-serif";
            context.textAlign = "left";
            context.fillText(`${base.number(size)} \u00b5m`, 12, height - 16);
        }

        // ---- gestures

        function nearest(x, y) {
            let best = -1,
                least = 10;
            for (const { a, b, piece, wide } of drawn) {
                const dx = b[0] - a[0],
                    dy = b[1] - a[1];
                const t = base.clamp(
                    ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy || 1),
                    0,
                    1,
                );
                const apart = Math.hypot(a[0] + t * dx - x, a[1] + t * dy - y) - wide / 2;
                if (apart < least) {
                    least = apart;
                    best = piece.segment;
                }
            }
            return best;
        }

        function point(x, y) {
            const found = nearest(x, y);
            if (found !== lit) {
                lit = found;
                picture.redraw();
            }
            if (found < 0) {
                state.hover = null;
                base.hideTip();
                return;
            }
            const segment = type.segments[found];
            const name = model.segmentName(type, segment);
            const lines = [name];
            const v = layer && value(found, timeline.time);
            if (layer && v === v) {
                lines.push(
                    `${layer.recording.what} = ${base.value(v, layer.recording.unit)} ` +
                        `at ${base.time(timeline.time)}`,
                );
            }
            lines.push(
                `${base.number(segment.diam, 4)} \u00b5m wide, ` +
                    `${base.number(segment.length, 4)} \u00b5m long`,
                `${base.number(segment.distance, 5)} \u00b5m from the soma`,
            );
            state.hover = { panel: "morphology", segment: name, value: v ?? null };
            base.showTip(picture.canvas, x, y, lines);
        }

        function gestures(canvas) {
            const down = new Map();
            let moves = 0;
            canvas.addEventListener("pointerdown", (event) => {
                down.set(event.pointerId, base.place(event, canvas));
                moves = 0;
                canvas.setPointerCapture(event.pointerId);
            });
            canvas.addEventListener("pointermove", (event) => {
                const here = base.place(event, canvas),
                    before = down.get(event.pointerId);
                if (!before) {
                    point(...here);
                    return;
                }
                const [dx, dy] = [here[0] - before[0], here[1] - before[1]];
                moves += Math.hypot(dx, dy);
                if (down.size > 1) {
                    const other = [...down].find(([id]) => id !== event.pointerId)[1];
                    const apart = (p) => Math.max(Math.hypot(p[0] - other[0], p[1] - other[1]), 8);
                    view.zoom = base.clamp((view.zoom * apart(here)) / apart(before), 0.2, 60);
                } else if (event.shiftKey) {
                    view.dx += dx;
                    view.dy += dy;
                } else {
                    view.yaw += dx * 0.01;
                    view.pitch = base.clamp(view.pitch + dy * 0.01, -1.55, 1.55);
                }
                down.set(event.pointerId, here);
                base.hideTip();
                picture.redraw();
            });
            for (const name of ["pointerup", "pointercancel"]) {
                canvas.addEventListener(name, (event) => {
                    down.delete(event.pointerId);
                    if (name === "pointerup" && moves < 4) {
                        point(...base.place(event, canvas));
                        if (layer && lit >= 0 && of[lit] >= 0) {
                            flip(layer.recording, of[lit]);
                        }
                    }
                });
            }
            canvas.addEventListener("pointerleave", () => point(-1e6, -1e6));
            canvas.addEventListener("dblclick", () => {
                Object.assign(view, { yaw: 0, pitch: 0, zoom: 1, dx: 0, dy: 0 });
                picture.redraw();
            });
            canvas.addEventListener(
                "wheel",
                (event) => {
                    event.preventDefault();
                    const by = Math.exp(-base.clamp(event.deltaY, -240, 240) * 0.0025);
                    const [x, y] = base.place(event, canvas);
                    const zoom = base.clamp(view.zoom * by, 0.2, 60),
                        grown = zoom / view.zoom;
                    const mx = canvas.clientWidth / 2,
                        my = (canvas.clientHeight - 20) / 2;
                    view.dx = (x - mx) * (1 - grown) + view.dx * grown;
                    view.dy = (y - my) * (1 - grown) + view.dy * grown;
                    view.zoom = zoom;
                    picture.redraw();
                },
                { passive: false },
            );
            canvas.addEventListener("keydown", (event) => {
                const does = {
                    ArrowLeft: () => {
                        view.yaw -= 0.15;
                    },
                    ArrowRight: () => {
                        view.yaw += 0.15;
                    },
                    ArrowUp: () => {
                        view.pitch -= 0.15;
                    },
                    ArrowDown: () => {
                        view.pitch += 0.15;
                    },
                    "+": () => {
                        view.zoom *= 1.25;
                    },
                    "-": () => {
                        view.zoom /= 1.25;
                    },
                    0: () => Object.assign(view, { yaw: 0, pitch: 0, zoom: 1, dx: 0, dy: 0 }),
                }[event.key];
                if (does) {
                    event.preventDefault();
                    does();
                    picture.redraw();
                }
            });
        }

        const scale = element("div", { class: "scale" });
        const by = base.select("what colours say", [], "", () => paintBy());
        const which =
            all.length > 1
                ? base.select(
                      "cell",
                      all.map((s, i) => [String(i), s.name]),
                      "0",
                      (i) => take(Number(i)),
                  )
                : null;
        const place = element("div", { class: "picture" });
        host.append(
            element(
                "div",
                { class: "tools" },
                which ?? element("span", { text: all[0].name }),
                by,
                scale,
            ),
            place,
        );
        host.append(
            element("p", {
                class: "note",
                text:
                    "A drag turns the cell, the wheel brings it nearer, two presses put it back;" +
                    " a press on a segment that was recorded shows its trace, or takes it away.",
            }),
        );
        const picture = base.picture(
            place,
            "the cell's shape. Arrows turn it, plus and minus zoom, 0 puts it back.",
            draw,
        );
        gestures(picture.canvas);
        take(0);
        timeline.moved(() => layer && picture.redraw());
        colour.changed(() => {
            legend();
            picture.redraw();
        });
        return true;
    }

    return { panel };
})();
