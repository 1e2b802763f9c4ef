// SPDX-License-Identifier: BSD-3-Clause
// envelope: a trace as the eye sees it: where many samples fall on one column of pixels, the least
// and the greatest of them. Levels of blocks, each of 8 of the level before, make it quick.
const envelope = (() => {
    "use strict";

    const factor = 8;

    function coarser(low, high) {
        const n = Math.ceil(low.length / factor);
        const lows = new Float32Array(n),
            highs = new Float32Array(n);
        for (let k = 0; k < n; k++) {
            let least = Infinity,
                most = -Infinity;
            const end = Math.min((k + 1) * factor, low.length);
            for (let i = k * factor; i < end; i++) {
                if (low[i] < least) {
                    least = low[i];
                }
                if (high[i] > most) {
                    most = high[i];
                }
            }
            lows[k] = least;
            highs[k] = most;
        }
        return { low: lows, high: highs, size: 0 };
    }

    // The levels of a trace, the finest first; size: samples a block.
    function make(samples) {
        const levels = [{ low: samples, high: samples, size: 1 }];
        while (levels[levels.length - 1].low.length > 2 * factor) {
            const last = levels[levels.length - 1];
            const next = coarser(last.low, last.high);
            next.size = last.size * factor;
            levels.push(next);
        }
        return levels;
    }

    function extremes(levels) {
        const { low, high } = levels[levels.length - 1];
        return [Math.min(...low), Math.max(...high)];
    }

    // Adds samples first to last (not included) to a path: x(i) and y(value) are pixels, `density`
    // is samples a pixel.
    function trace(path, levels, first, last, density, x, y) {
        let level = levels[0];
        for (const finer of levels) {
            if (finer.size <= density) {
                level = finer;
            }
        }
        if (density < 2) {
            line(path, level.low, first, last, x, y);
            return;
        }
        const { low, high, size } = level;
        const end = Math.min(Math.ceil(last / size), low.length);
        let k = Math.floor(first / size),
            before = NaN;
        while (k < end) {
            const column = Math.floor(x(k * size));
            let least = Infinity,
                most = -Infinity;
            for (; k < end && Math.floor(x(k * size)) === column; k++) {
                least = low[k] < least ? low[k] : least;
                most = high[k] > most ? high[k] : most;
            }
            if (least > most) {
                before = NaN; // nothing but NaN
                continue;
            }
            const up = Math.abs(before - least) > Math.abs(before - most);
            const one = y(up ? most : least),
                other = y(up ? least : most);
            if (before === before) {
                path.lineTo(column + 0.5, one);
            } else {
                path.moveTo(column + 0.5, one);
            }
            path.lineTo(column + 0.5, other);
            before = up ? least : most;
        }
    }

    function line(path, samples, first, last, x, y) {
        let drawn = false;
        for (let i = first; i < last; i++) {
            const v = samples[i];
            if (v !== v) {
                drawn = false;
            } else if (drawn) {
                path.lineTo(x(i), y(v));
            } else {
                path.moveTo(x(i), y(v));
                drawn = true;
            }
        }
    }

    return { make, extremes, trace };
})();
