// SPDX-License-Identifier: BSD-3-Clause
// matrix: who is connected with whom: a row for each cell that sends, a column for each that gets.
// Where there are more cells than pixels, a square is several of both.
const matrix = (() => {
    "use strict";

    const { element } = base;

    const measures = {
        weight: { name: "weight", of: (all) => all.reduce((sum, c) => sum + c.weight, 0) },
        delay: { name: "delay", unit: "ms", of: (all) => Math.min(...all.map((c) => c.delay)) },
        count: { name: "connections", of: (all) => all.length },
    };

    function panel(host, net, linked, state) {
        const list = [...linked.values()];
        const pad = { left: 34, top: 26, right: 8, bottom: 8 };
        let measure = measures.weight,
            cells = new Map(),
            size = 1,
            per = 1,
            n = net.n,
            lit;

        // The squares: { pairs, value } by row * n + column, where each is `size` cells wide.
        function gather(room) {
            const wanted = Math.max(Math.ceil(net.n / room), 1);
            if (wanted === size && cells.size) {
                return;
            }
            size = wanted;
            n = Math.ceil(net.n / size);
            cells = new Map();
            for (const pair of list) {
                const key =
                    Math.floor((pair.pre - 1) / size) * n + Math.floor((pair.post - 1) / size);
                const square = cells.get(key);
                if (square) {
                    square.pairs.push(pair);
                } else {
                    cells.set(key, { pairs: [pair] });
                }
            }
            weigh();
        }

        let low = 0,
            high = 1;
        function weigh() {
            low = Infinity;
            high = -Infinity;
            for (const square of cells.values()) {
                square.value = measure.of(square.pairs.flatMap((pair) => pair.all));
                low = Math.min(low, square.value);
                high = Math.max(high, square.value);
            }
            if (low > high) {
                [low, high] = [0, 1];
            }
            scale.replaceChildren(
                element("span", { text: measure.name }),
                colour.bar(low, high, measure.unit),
            );
        }

        function draw(context, width, height) {
            const room = Math.min(width - pad.left - pad.right, height - pad.top - pad.bottom);
            gather(Math.max(Math.floor(room), 1));
            per = room / n;
            context.fillStyle = colour.of("--ground");
            context.fillRect(pad.left, pad.top, room, room);
            const gap = per > 6 ? 1 : 0;
            for (const [key, square] of cells) {
                context.fillStyle = colour.css(square.value, low, high);
                context.fillRect(
                    pad.left + (key % n) * per + gap / 2,
                    pad.top + Math.floor(key / n) * per + gap / 2,
                    Math.max(per - gap, 1),
                    Math.max(per - gap, 1),
                );
            }
            context.strokeStyle = colour.of("--line");
            context.lineWidth = 1;
            context.strokeRect(pad.left - 0.5, pad.top - 0.5, room + 1, room + 1);
            context.font = "12px system-ui, sans-serif";
            context.fillStyle = colour.of("--muted");
            context.textAlign = "center";
            context.textBaseline = "alphabetic";
            edges(context, room);
            if (lit) {
                context.strokeStyle = colour.of("--text");
                context.lineWidth = 2;
                context.strokeRect(
                    pad.left + lit.column * per,
                    pad.top + lit.row * per,
                    Math.max(per, 3),
                    Math.max(per, 3),
                );
            }
        }

        // Numbers of cells where they have room, bands in the populations' colours.
        function edges(context, room) {
            const every = Math.max(Math.ceil((n * size > 100 ? 32 : 22) / per), 1);
            const nice =
                every > 1
                    ? ([1, 2, 5, 10, 20, 50, 100, 200, 500].find((k) => k >= every * size) ?? 1000)
                    : size;
            for (let k = 0; k < n; k++) {
                if ((k * size) % nice === 0) {
                    const text = String(net.idOf(k * size + 1));
                    context.textAlign = "center";
                    context.fillText(text, pad.left + (k + 0.5) * per, pad.top - 10);
                    context.textAlign = "right";
                    context.fillText(text, pad.left - 9, pad.top + (k + 0.5) * per + 4);
                }
            }
            for (const p of net.populations) {
                context.fillStyle = net.colourOf(p.first);
                const from = ((p.first - 1) / net.n) * room,
                    long = (p.n / net.n) * room;
                context.fillRect(pad.left + from, pad.top - 6, long, 3);
                context.fillRect(pad.left - 6, pad.top + from, 3, long);
            }
        }

        // What a square says.
        function words(row, column) {
            const square = cells.get(row * n + column);
            const name = (k) =>
                size === 1
                    ? net.cellName(k + 1)
                    : `cells ${net.idOf(k * size + 1)} to ` +
                      net.idOf(Math.min((k + 1) * size, net.n));
            const first = `${name(row)} \u2192 ${name(column)}`;
            if (!square) {
                return [first, "not connected"];
            }
            const all = square.pairs.flatMap((pair) =>
                pair.all.map((c) => ({ ...c, post: pair.post })),
            );
            const lines = all.slice(0, 4).map((c) => {
                const segment = net.population(c.post)?.type;
                const where = net.types[segment]?.segments?.[c.segment - 1];
                return (
                    `weight ${base.number(c.weight)}, delay ${base.number(c.delay)} ms` +
                    (where ? `, at ${model.segmentName(net.types[segment], where)}` : "")
                );
            });
            if (all.length > 4) {
                lines.push(`and ${base.whole(all.length - 4)} more`);
            }
            return [first, ...lines];
        }

        function point(event) {
            const [x, y] = base.place(event, picture.canvas);
            const row = Math.floor((y - pad.top) / per),
                column = Math.floor((x - pad.left) / per);
            light(row >= 0 && row < n && column >= 0 && column < n ? { row, column } : undefined);
        }

        function light(square) {
            lit = square;
            picture.redraw();
            if (!square) {
                state.hover = null;
                base.hideTip();
                return;
            }
            const lines = words(square.row, square.column);
            const found = cells.get(square.row * n + square.column);
            state.hover = {
                panel: "matrix",
                pre: net.idOf(square.row * size + 1),
                post: net.idOf(square.column * size + 1),
                value: found ? found.value : null,
            };
            base.showTip(
                picture.canvas,
                pad.left + (square.column + 1) * per,
                pad.top + square.row * per,
                lines,
            );
        }

        const scale = element("div", { class: "scale" });
        const place = element("div", { class: "picture" });
        host.append(
            place,
            element("p", {
                class: "note",
                text: "A row for each cell that sends, a column for each that receives.",
            }),
            element(
                "div",
                { class: "tools" },
                scale,
                base.choice(
                    "what colours say",
                    [
                        ["weight", "weight"],
                        ["delay", "delay"],
                        ["count", "count"],
                    ],
                    "weight",
                    (key) => {
                        measure = measures[key];
                        weigh();
                        picture.redraw();
                    },
                ),
            ),
        );
        const picture = base.picture(
            place,
            `matrix of connections: ${base.plural(net.n, "cell")}, ` +
                base.plural(list.length, "connected pair"),
            draw,
        );
        const { canvas } = picture;
        canvas.addEventListener("pointermove", point);
        canvas.addEventListener("pointerdown", point);
        canvas.addEventListener("pointerleave", () => light());
        canvas.addEventListener("blur", () => light());
        canvas.addEventListener("keydown", (event) => {
            const by = {
                ArrowRight: [0, 1],
                ArrowLeft: [0, -1],
                ArrowDown: [1, 0],
                ArrowUp: [-1, 0],
            }[event.key];
            if (by) {
                event.preventDefault();
                const { row, column } = lit ?? { row: 0, column: 0 };
                light({
                    row: base.clamp(row + by[0], 0, n - 1),
                    column: base.clamp(column + by[1], 0, n - 1),
                });
            }
        });
        colour.changed(() => {
            weigh();
            picture.redraw();
        });
    }

    return { panel };
})();
