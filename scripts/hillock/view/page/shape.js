// SPDX-License-Identifier: BSD-3-Clause
// shape: the geometry of a cell type as pieces between points in space, each of one segment.
const shape = (() => {
    "use strict";

    // Sections by number from 0, each with its parent, its points and its segments.
    function sections(type) {
        const number = new Map(type.sections.map((s, i) => [s.name, i]));
        const list = type.sections.map((s) => {
            const parent =
                typeof s.parent === "string"
                    ? number.get(s.parent)
                    : s.parent
                      ? s.parent - 1
                      : undefined;
            return { ...s, parent, points: [].concat(s.points ?? []), segments: [] };
        });
        type.segments.forEach((segment, i) => {
            const k = number.get(model.sectionName(type, segment));
            list[k]?.segments.push({ ...segment, index: i });
        });
        list.forEach((s) => s.segments.sort((a, b) => a.x - b.x));
        return list;
    }

    // Points where some have none: children fan out of their parents, in a plane.
    function unfold(list) {
        const children = list.map(() => []);
        list.forEach((s, i) => s.parent !== undefined && children[s.parent].push(i));
        const length = (s) => s.L ?? (s.segments.reduce((sum, g) => sum + g.length, 0) || 1);
        const leaves = (i) => children[i].reduce((sum, c) => sum + leaves(c), 0) || 1;
        function put(i, x, y, angle, spread) {
            const s = list[i],
                l = length(s);
            const ex = x + l * Math.cos(angle),
                ey = y + l * Math.sin(angle);
            const diam = (g) => g?.diam ?? s.diam ?? 1;
            s.points = [
                [x, y, 0, diam(s.segments[0])],
                [ex, ey, 0, diam(s.segments[s.segments.length - 1])],
            ];
            const all = leaves(i);
            let from = angle - spread / 2;
            for (const c of children[i]) {
                const share = (spread * leaves(c)) / all,
                    at = list[c].at ?? 1;
                put(
                    c,
                    x + (ex - x) * at,
                    y + (ey - y) * at,
                    children[i].length === 1 ? angle : from + share / 2,
                    Math.max(share, 0.4),
                );
                from += share;
            }
        }
        list.forEach((s, i) => s.parent === undefined && put(i, 0, 0, 0, Math.PI * 1.2));
    }

    const mix = (a, b, t) => a.map((x, k) => x + (b[k] - x) * t);

    // A soma about as long as it is wide is drawn as a ball: it has the cylinder's area.
    function isBall(points, whole) {
        const wide = Math.max(...points.map((p) => p[3]));
        return whole > 0.67 * wide && whole < 1.5 * wide;
    }

    function ball(points, whole, segment, section) {
        const wide = Math.max(...points.map((p) => p[3]));
        const middle = [
            ...mix(points[0], points[points.length - 1], 0.5).slice(0, 3),
            Math.sqrt(wide * whole),
        ];
        return { a: middle, b: middle, segment, section };
    }

    // A section's pieces: its points' straight parts, cut where one segment ends and the next
    // begins.
    function cut(section, out) {
        const { points, segments } = section;
        const at = [0];
        for (let i = 1; i < points.length; i++) {
            const [a, b] = [points[i - 1], points[i]];
            at.push(at[i - 1] + Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]));
        }
        const whole = at[at.length - 1],
            n = Math.max(segments.length, 1);
        if (section.domain === "soma" && n === 1 && isBall(points, whole)) {
            out.push(ball(points, whole, segments[0]?.index ?? -1, section));
            return;
        }
        for (let i = 1; i < points.length; i++) {
            const long = at[i] - at[i - 1];
            let from = at[i - 1];
            while (long > 0 && from < at[i] - 1e-9 * whole) {
                const k = Math.min(Math.floor((from / whole) * n + 1e-9), n - 1);
                const to = Math.min(((k + 1) * whole) / n, at[i]);
                const part = (s) => mix(points[i - 1], points[i], (s - at[i - 1]) / long);
                out.push({
                    a: part(from),
                    b: part(to),
                    segment: segments[k]?.index ?? -1,
                    section,
                });
                from = to;
            }
        }
    }

    // { pieces, sections, box: [low, high] }
    function make(type) {
        const list = sections(type);
        if (list.some((s) => s.points.length < 2)) {
            unfold(list);
        }
        const pieces = [];
        list.forEach((s) => cut(s, pieces));
        const low = [Infinity, Infinity, Infinity],
            high = [-Infinity, -Infinity, -Infinity];
        for (const { a, b } of pieces) {
            for (const p of [a, b]) {
                for (let k = 0; k < 3; k++) {
                    low[k] = Math.min(low[k], p[k] - p[3] / 2);
                    high[k] = Math.max(high[k], p[k] + p[3] / 2);
                }
            }
        }
        return {
            pieces,
            sections: list,
            box: pieces.length
                ? [low, high]
                : [
                      [0, 0, 0],
                      [1, 1, 1],
                  ],
        };
    }

    return { make };
})();
