// SPDX-License-Identifier: BSD-3-Clause
// model: a network of the run: its cells, their names, and which trace is of which segment.
const model = (() => {
    "use strict";

    // structure: what network.json holds; nothing where the file is missing.
    function make(structure = {}) {
        const populations = []
            .concat(structure.populations ?? [])
            .map((p, i) => ({ ...p, order: i }));
        const n = populations.reduce((most, p) => Math.max(most, p.first + p.n - 1), 0);
        const of = new Int32Array(n + 1).fill(-1); // population of a cell, by its number from 1
        const byId = new Map();
        for (const p of populations) {
            for (let k = 0; k < p.n; k++) {
                of[p.first + k] = p.order;
                const id = p.ids ? p.ids[k] : p.first + k - 1;
                byId.set(id, p.first + k);
            }
        }
        const idOf = new Map([...byId].map(([id, number]) => [number, id]));

        const population = (number) => populations[of[number] ?? -1];

        // A cell as files call it: by its identity, which counts from 0.
        function cellName(number) {
            const p = population(number);
            const id = idOf.get(number) ?? number - 1;
            return p && populations.length > 1 ? `${p.name} cell ${id}` : `cell ${id}`;
        }

        return {
            populations,
            n,
            population,
            cellName,
            idOf: (number) => idOf.get(number) ?? number - 1,
            numberOf: (id) => byId.get(id) ?? id + 1,
            colourOf: (number) => colour.kind(population(number)?.order ?? 0),
            types: structure.types ?? {},
            connections: structure.connections ?? [],
            inputs: structure.inputs ?? 0,
        };
    }

    // "cell3.dend[2](0.25).v" as { id, section, x }; nothing where a column has another name.
    function place(column) {
        const found = /^cell(\d+)\.(.+)\(([\d.e+-]+)\)\./.exec(column);
        return found && { id: Number(found[1]), section: found[2], x: Number(found[3]) };
    }

    // The traces of a recording: { name, short, cell (number), section, x }.
    function traces(recording, net) {
        const places = recording.columns.map(place);
        const known = places.filter(Boolean);
        const oneCell = new Set(known.map((p) => p.id)).size === 1;
        const onePlace = new Set(known.map((p) => `${p.section}(${p.x})`)).size === 1;
        return recording.columns.map((column, k) => {
            const p = places[k];
            if (!p) {
                return { name: column, short: column, column };
            }
            const where = `${p.section}(${p.x})`,
                cell = net.numberOf(p.id);
            const short = onePlace ? `cell ${p.id}` : oneCell ? where : `${p.id} ${where}`;
            return {
                name: `${net.cellName(cell)}, ${where}`,
                short,
                column,
                cell,
                section: p.section,
                x: p.x,
            };
        });
    }

    // The name of a segment's section, which is told by name or by number from 1.
    function sectionName(type, segment) {
        const { section } = segment;
        return typeof section === "number" ? type.sections[section - 1]?.name : section;
    }

    // "dend[3](0.25)"
    const segmentName = (type, segment) =>
        `${sectionName(type, segment)}(${base.number(segment.x, 4)})`;

    return { make, traces, sectionName, segmentName };
})();
