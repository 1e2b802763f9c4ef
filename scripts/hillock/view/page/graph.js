// SPDX-License-Identifier: BSD-3-Clause
// graph: the cells on a circle, an arrow for each pair that is connected.
const graph = (() => {
    "use strict";

    const most = 200; // cells on a circle that can be told apart

    // The connections as pairs of cells: how many, their weights and delays.
    function pairs(net) {
        const of = new Map();
        for (const [pre, post, segment, weight, delay] of net.connections) {
            const key = pre * (net.n + 1) + post;
            let pair = of.get(key);
            if (!pair) {
                pair = { pre, post, all: [] };
                of.set(key, pair);
            }
            pair.all.push({ segment, weight, delay });
        }
        return of;
    }

    function panel(host, net, linked, state) {
        const list = [...linked.values()];
        const incoming = new Map(),
            outgoing = new Map();
        for (const pair of list) {
            for (const [map, cell] of [
                [incoming, pair.post],
                [outgoing, pair.pre],
            ]) {
                map.set(cell, (map.get(cell) ?? 0) + 1);
            }
        }
        let lit = 0,
            places = [];

        function arrange(width, height) {
            const radius = Math.min(width, height) / 2 - 30;
            const dot = base.clamp(((radius * Math.PI) / net.n) * 0.7, 2.5, 11);
            places = [];
            for (let k = 1; k <= net.n; k++) {
                const angle = (2 * Math.PI * (k - 1)) / net.n - Math.PI / 2;
                places[k] = {
                    x: width / 2 + radius * Math.cos(angle),
                    y: height / 2 + radius * Math.sin(angle),
                    angle,
                };
            }
            return { radius, dot };
        }

        // An arrow that bends towards the middle and ends at the edge of its cell.
        function arrow(context, pair, dot, width, height, strong) {
            const a = places[pair.pre],
                b = places[pair.post];
            const mx = width / 2,
                my = height / 2;
            let cx = ((a.x + b.x) / 2) * 0.65 + mx * 0.35,
                cy = ((a.y + b.y) / 2) * 0.65 + my * 0.35;
            context.beginPath();
            if (pair.pre === pair.post) {
                const out = dot * 1.9;
                context.arc(
                    a.x + out * Math.cos(a.angle),
                    a.y + out * Math.sin(a.angle),
                    dot * 1.2,
                    0,
                    7,
                );
                context.stroke();
                return;
            }
            // To the right of the straight way, so that there and back are two.
            cx += (b.y - a.y) * 0.06;
            cy -= (b.x - a.x) * 0.06;
            const way = Math.hypot(b.x - cx, b.y - cy) || 1;
            const ux = (b.x - cx) / way,
                uy = (b.y - cy) / way;
            const tip = dot + 1.5,
                head = strong ? 8 : Math.min(6.5, 3 + dot * 0.4);
            const ex = b.x - ux * tip,
                ey = b.y - uy * tip;
            context.moveTo(a.x, a.y);
            context.quadraticCurveTo(cx, cy, ex - ux * head * 0.8, ey - uy * head * 0.8);
            context.stroke();
            context.beginPath();
            context.moveTo(ex, ey);
            context.lineTo(ex - ux * head - uy * head * 0.42, ey - uy * head + ux * head * 0.42);
            context.lineTo(ex - ux * head + uy * head * 0.42, ey - uy * head - ux * head * 0.42);
            context.fill();
        }

        function draw(context, width, height) {
            const { dot } = arrange(width, height);
            const [inward, outward] =
                colour.theme === "dark" ? ["#56b4e9", "#f0e442"] : ["#0072b2", "#d55e00"];
            const faint = base.clamp(40 / Math.sqrt(list.length + 1), 0.12, 0.75);
            const ways = [
                [
                    (p) => lit === 0 || (p.pre !== lit && p.post !== lit),
                    colour.of("--muted"),
                    lit ? faint * 0.25 : faint,
                    1,
                ],
                [(p) => lit !== 0 && p.post === lit, inward, 1, 1.8],
                [(p) => lit !== 0 && p.pre === lit, outward, 1, 1.8],
            ];
            for (const [belongs, c, alpha, wide] of ways) {
                context.strokeStyle = context.fillStyle = c;
                context.globalAlpha = alpha;
                context.lineWidth = wide;
                for (const pair of list.filter(belongs)) {
                    arrow(context, pair, dot, width, height, wide > 1);
                }
            }
            context.globalAlpha = 1;
            context.font = "12px system-ui, sans-serif";
            context.textAlign = "center";
            context.textBaseline = "middle";
            for (let k = 1; k <= net.n; k++) {
                const { x, y, angle } = places[k];
                context.beginPath();
                context.arc(x, y, k === lit ? dot + 2 : dot, 0, 7);
                context.fillStyle = net.colourOf(k);
                context.fill();
                if (net.n <= 40 || k === lit) {
                    context.fillStyle = colour.of("--text");
                    context.fillText(
                        String(net.idOf(k)),
                        x + (dot + 11) * Math.cos(angle),
                        y + (dot + 11) * Math.sin(angle),
                    );
                }
            }
        }

        function point(event) {
            const [x, y] = base.place(event, picture.canvas);
            let best = 0,
                least = 18;
            for (let k = 1; k <= net.n; k++) {
                const apart = Math.hypot(places[k].x - x, places[k].y - y);
                if (apart < least) {
                    least = apart;
                    best = k;
                }
            }
            light(best);
        }

        function light(k) {
            if (k !== lit) {
                lit = k;
                state.hover = k
                    ? {
                          panel: "graph",
                          cell: net.idOf(k),
                          in: incoming.get(k) ?? 0,
                          out: outgoing.get(k) ?? 0,
                      }
                    : null;
                picture.redraw();
            }
            if (k) {
                base.showTip(picture.canvas, places[k].x, places[k].y, [
                    net.cellName(k),
                    [
                        `from ${base.plural(incoming.get(k) ?? 0, "cell")}`,
                        `to ${base.plural(outgoing.get(k) ?? 0, "cell")}`,
                    ].join(", "),
                ]);
            } else {
                base.hideTip();
            }
        }

        const picture = base.picture(
            host,
            `graph: ${base.plural(net.n, "cell")}, ` +
                `${base.plural(list.length, "connected pair")}; arrows go from cell to cell`,
            draw,
        );
        const { canvas } = picture;
        canvas.addEventListener("pointermove", point);
        canvas.addEventListener("pointerdown", point);
        canvas.addEventListener("pointerleave", () => light(0));
        canvas.addEventListener("blur", () => light(0));
        canvas.addEventListener("keydown", (event) => {
            const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (by) {
                event.preventDefault();
                light((lit + by + net.n) % (net.n + 1) || (by > 0 ? 1 : net.n));
            }
        });
        colour.changed(picture.redraw);
    }

    return { panel, pairs, most };
})();
