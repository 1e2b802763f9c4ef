// SPDX-License-Identifier: BSD-3-Clause
// data: what the page carries: JSON, and numbers in base64, decoded where they are first wanted.
const data = (() => {
    "use strict";

    const text = (id) => document.getElementById(`data-${id}`)?.textContent;

    function json(id) {
        const found = text(id);
        return found ? JSON.parse(found) : undefined;
    }

    function bytes(id) {
        const coded = text(id).trim();
        if (Uint8Array.fromBase64) {
            return Uint8Array.fromBase64(coded);
        }
        const plain = atob(coded);
        const out = new Uint8Array(plain.length);
        for (let i = 0; i < plain.length; i++) {
            out[i] = plain.charCodeAt(i);
        }
        return out;
    }

    function numbers(id, Kind) {
        const out = bytes(id);
        return new Kind(out.buffer, out.byteOffset, out.byteLength / Kind.BYTES_PER_ELEMENT);
    }

    // Computes once, when first asked.
    function lazy(compute) {
        let done = false,
            it;
        return () => {
            if (!done) {
                it = compute();
                done = true;
            }
            return it;
        };
    }

    // Units of what has one without a plugin's word for it.
    function unit(what) {
        if (/^(v|e(na|k|ca|cl)?)$/.test(what)) {
            return "mV";
        }
        return /^(na|k|ca|cl)[io]$/.test(what)
            ? "mM"
            : /^i(na|k|ca|cl)$/.test(what)
              ? "mA/cm\u00b2"
              : "";
    }

    // Samples of several traces at the same times, t0 + i every or a list.
    function values(it) {
        const rows = it.rows;
        const times = it.times && lazy(() => numbers(it.times, Float64Array));
        const samples = lazy(() => numbers(it.block, Float32Array));
        const last = Math.max(rows - 1, 0);
        return {
            ...it,
            unit: unit(it.what),
            traces: it.columns.length,
            step: times ? (times()[last] - times()[0]) / Math.max(last, 1) : it.every,
            t: (i) => (times ? times()[i] : it.t0 + i * it.every),
            // The first sample at t or after it.
            index(t) {
                if (!times) {
                    return base.clamp(Math.ceil((t - it.t0) / it.every - 1e-9), 0, rows);
                }
                return lower(times(), t);
            },
            // The nearest sample.
            nearest(t) {
                const i = base.clamp(this.index(t), 0, last);
                return i > 0 && t - this.t(i - 1) < this.t(i) - t ? i - 1 : i;
            },
            trace: (k) => samples().subarray(k * rows, (k + 1) * rows),
        };
    }

    // Spikes, or events of inputs: times, sorted, and whose each is.
    function events(it) {
        return {
            ...it,
            t: lazy(() => numbers(it.times, Float64Array)),
            source: lazy(() => numbers(it.block, Float64Array)),
        };
    }

    // How many elements of a sorted list are less than x.
    function lower(list, x) {
        let from = 0,
            to = list.length;
        while (from < to) {
            const middle = (from + to) >> 1;
            if (list[middle] < x) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    const recording = (it) => (it.kind === "values" ? values(it) : events(it));

    return { json, text, recording, lower, lazy };
})();
