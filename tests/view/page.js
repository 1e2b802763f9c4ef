// SPDX-License-Identifier: BSD-3-Clause
// page: the pages of `hillock view` in a browser, as a user has them: pointer, fingers and keys.
//
//     node tests/view/page.js BROWSER FOLDER
//
// FOLDER holds small/, bare/, many/, still/, sick/, perhaps large/, made by folder.lua, and real/,
// which a run left, each with its view.html. Speaks TAP.
"use strict";

const fs = require("node:fs");
const { start } = require("./browser.js");

const [, , program, folder] = process.argv;
let count = 0,
    failed = 0;

function ok(good, name, ...more) {
    count++;
    console.log(`${good ? "ok" : "not ok"} ${count} - ${name}`);
    if (!good) {
        failed++;
        more.forEach((text) => console.log(`# ${text}`));
    }
}
const is = (got, want, name) =>
    ok(
        JSON.stringify(got) === JSON.stringify(want),
        name,
        `got:  ${JSON.stringify(got)}`,
        `want: ${JSON.stringify(want)}`,
    );
const near = (got, want, within, name) =>
    ok(Math.abs(got - want) <= within, name, `got:  ${got}`, `want: ${want}, within ${within}`);

// A CSV file as { names, rows }.
function csv(path) {
    const [first, ...lines] = fs.readFileSync(path, "utf8").trimEnd().split("\n");
    return { names: first.split(","), rows: lines.map((line) => line.split(",").map(Number)) };
}

const url = (name) => `file://${folder}/${name}/view.html`;
const over = ".chart .u-over";

async function loaded(browser, name, options) {
    const page = await browser.open(url(name), options);
    ok(await page.until("window.hillockView?.ready"), `${name}: it is ready`, ...page.said);
    return page;
}

function silent(page, name) {
    is(page.said, [], `${name}: no word to the console`);
    is(page.requests, [], `${name}: no request`);
}

// ---- time

async function zooming(page) {
    const range = () => page.value("hillockView.range");
    const full = await range();
    near(full[1], 100, 1e-9, "all of the time is seen at first");
    const box = await page.box(over);
    const y = box.top + box.height / 2,
        at = (share) => box.left + box.width * share;
    const picture = () => page.value("document.querySelector('.chart canvas').toDataURL()");
    const before = await picture();
    await page.mouse("mouseMoved", at(0.25), y);
    await page.wheel(at(0.25), y, -300);
    await page.until("hillockView.range[1] < 99");
    await page.frames();
    const wheeled = await range();
    ok(wheeled[1] - wheeled[0] < 80, "the wheel sees less time", wheeled);
    near(
        (25 - wheeled[0]) / (wheeled[1] - wheeled[0]),
        0.25,
        0.01,
        "and keeps what is under the pointer",
    );
    const axes = await page.value("hillockView.axes");
    ok(
        axes.length === 5 &&
            axes.every(
                (a) => Math.abs(a[0] - wheeled[0]) < 1e-9 && Math.abs(a[1] - wheeled[1]) < 1e-9,
            ),
        "the axes of all charts are the same",
        JSON.stringify(axes),
    );
    ok((await picture()) !== before, "the picture is another");

    await page.drag([at(0.2), y], [at(0.7), y]);
    const dragged = await range(),
        span = wheeled[1] - wheeled[0];
    near(dragged[0], wheeled[0] + 0.2 * span, 0.01 * span, "a drag sees what it went over: from");
    near(dragged[1], wheeled[0] + 0.7 * span, 0.01 * span, "to");

    await page.drag([at(0.5), y], [at(0.3), y], { modifiers: 8 });
    const panned = await range(),
        width = dragged[1] - dragged[0];
    near(panned[0], dragged[0] + 0.2 * width, 0.01 * width, "shift and drag moves");
    near(panned[1] - panned[0], width, 1e-9, "and keeps the span");

    await page.value("document.querySelector('.chart').focus()");
    await page.key("+");
    const keyed = await range();
    near(keyed[1] - keyed[0], width / 2, 1e-9, "+ halves");
    await page.key("ArrowRight");
    near((await range())[0], keyed[0] + width / 20, 1e-9, "an arrow moves");
    await page.key("0");
    is(await range(), full, "0 shows all");

    await page.value("hillockView.setRange(20, 30)");
    for (const clickCount of [1, 2]) {
        await page.mouse("mousePressed", at(0.5), y, { clickCount, buttons: 1 });
        await page.mouse("mouseReleased", at(0.5), y, { clickCount });
    }
    await page.frames();
    is(await range(), full, "two clicks show all");
}

async function hovering(page) {
    const table = csv(`${folder}/small/v.csv`);
    for (const [from, to] of [
        [0, 100],
        [40, 44],
    ]) {
        await page.value(`hillockView.setRange(${from}, ${to})`);
        await page.frames();
        const box = await page.box(over);
        await page.mouse("mouseMoved", box.left + box.width * 0.37, box.top + box.height * 0.4);
        await page.frames();
        const found = await page.value("hillockView.hover");
        const column = table.names.indexOf(found?.column);
        ok(column > 0, "hover names a trace", JSON.stringify(found));
        near(
            found.t,
            from + 0.37 * (to - from),
            0.06 + 0.002 * (to - from),
            "and the sample under the pointer",
        );
        const row = table.rows.find((r) => Math.abs(r[0] - found.t) < 1e-6);
        near(found.value, row[column], 1e-5, "its value is the file's");
        const tip = await page.value("document.querySelector('.tip').textContent");
        const text = row[column].toFixed(4).replace("-", "\u2212");
        ok(tip.includes(`${text} mV`), "and is what one reads", tip, text);
    }
    await page.value("hillockView.reset()");
    await page.frames();
}

async function moment(page) {
    const shape = () => page.value("document.querySelector('#cell canvas').toDataURL()");
    await page.box("#cell .picture");
    await page.value("hillockView.setTime(0)");
    await page.frames();
    const before = await shape();
    is(
        await page.value("hillockView.morphology"),
        { subject: "P cell 0", colour: "v_all" },
        "the cell has the colours of its v",
    );
    await page.value("document.getElementById('time').focus()");
    await page.key("PageUp");
    await page.key("PageUp");
    const time = await page.value("hillockView.time");
    near(time, 4, 1e-9, "keys move the slider");
    ok((await shape()) !== before, "the slider changes the cell's picture");
    await page.value(`(() => {
        const slider = document.getElementById("time");
        slider.value = "0";
        slider.dispatchEvent(new Event("input"));
    })()`);
    await page.frames();
    ok((await shape()) === before, "and back again, the picture is the first one");
    const line = await page.value("document.querySelector('.moment').style.transform");
    await page.value("hillockView.setTime(50)");
    ok(
        (await page.value("document.querySelector('.moment').style.transform")) !== line,
        "the moment is marked in the charts",
    );
    const chart = await page.box(over);
    await page.click(chart.left + chart.width * 0.75, chart.top + 20);
    near(await page.value("hillockView.time"), 75, 0.3, "a click in a chart marks its moment");
    await page.value("document.querySelector('.play').click()");
    ok(await page.until("hillockView.time > 75.5", 10), "play goes on");
    await page.value("document.querySelector('.play').click()");
    const stopped = await page.value("hillockView.time");
    await page.frames();
    near(await page.value("hillockView.time"), stopped, 0, "and stops");

    const cell = await page.box("#cell .picture");
    const turned = await shape();
    await page.drag([cell.left + 50, cell.top + 50], [cell.left + 120, cell.top + 80]);
    ok((await shape()) !== turned, "a drag turns the cell");
    await page.value("[...document.querySelector('#cell select').options].at(-1).value");
    await page.value(`(() => {
        const list = document.querySelector("#cell select");
        list.value = "domain";
        list.dispatchEvent(new Event("change"));
    })()`);
    await page.frames();
    is(
        await page.value(
            "[...document.querySelectorAll('#cell .legend > span')].map((s) => s.textContent)",
        ),
        ["soma", "dend", "axon"],
        "domains have a legend",
    );
}

async function network(page) {
    const net = JSON.parse(fs.readFileSync(`${folder}/small/network.json`, "utf8"));
    const graph = await page.box("#network .picture");
    const radius = Math.min(graph.width, graph.height) / 2 - 30;
    await page.mouse(
        "mouseMoved",
        graph.left + graph.width / 2,
        graph.top + graph.height / 2 - radius,
    );
    await page.frames();
    const partners = (mine, other) =>
        new Set(net.connections.filter((c) => c[mine] === 1).map((c) => c[other])).size;
    is(
        await page.value("hillockView.hover"),
        { panel: "graph", cell: 0, in: partners(1, 0), out: partners(0, 1) },
        "the graph knows who is connected with the cell under the pointer",
    );
    await page.value("document.querySelector('#network .choice button:last-child').click()");
    await page.frames();
    const [pre, post, , weight] = net.connections[3];
    const box = await page.box("#network .picture:not([hidden])");
    const per = Math.min(box.width - 42, box.height - 34) / 6;
    await page.mouse(
        "mouseMoved",
        box.left + 34 + (post - 0.5) * per,
        box.top + 26 + (pre - 0.5) * per,
    );
    await page.frames();
    const found = await page.value("hillockView.hover");
    is(
        [found.panel, found.pre, found.post],
        ["matrix", pre - 1, post - 1],
        "the matrix knows the pair under the pointer",
    );
    near(found.value, weight, 1e-12, "and its weight");
    ok(
        (await page.value("document.querySelector('.tip').textContent")).includes(
            `weight ${weight}, delay`,
        ),
        "and says it",
    );
}

async function run(page) {
    const text = await page.value("document.getElementById('run').textContent");
    const manifest = JSON.parse(fs.readFileSync(`${folder}/small/manifest.json`, "utf8"));
    for (const [what, word] of [
        ["a check that passed", "\u2713 pass"],
        ["one that failed", "\u2717 fail"],
        ["what was measured", "5, 7.25"],
        ["a check in words", "spike_times cell 2: 7.25 is not expected"],
        ["a clamp in one line", "IClamp, amp = 0.3"],
        ["the protocol", "v_init"],
        ["words that look like HTML", "made <by> hand.lua"],
        ["a hash, short", manifest.files[0].sha256.slice(0, 12)],
    ]) {
        ok(text.includes(word), `the run has ${what}`, text);
    }
    const hash = await page.value("document.querySelector('#run .hash').title");
    ok(
        Object.values(manifest.networks[0])
            .concat(
                manifest.files[0].sha256,
                manifest.plugins[0].sha256,
                manifest.plugins[0].source_sha256,
            )
            .some((h) => typeof h === "string" && h.length === 64 && hash.includes(h)),
        "and whole when pointed at",
        hash,
    );
    ok(
        (await page.value(
            "JSON.stringify(JSON.parse(document.getElementById('data-manifest').textContent))",
        )) === JSON.stringify(manifest),
        "the manifest is in the page, whole",
    );
}

async function desktop(browser) {
    const page = await loaded(browser, "small", { width: 1280, height: 900 });
    is(await page.value("document.title"), "Made by hand, small", "the title names run and folder");
    is(await page.value("hillockView.theme"), "light", "light where the system is");
    await zooming(page);
    await hovering(page);
    await moment(page);
    await network(page);
    await run(page);
    const ground = "getComputedStyle(document.body).backgroundColor";
    const light = await page.value(ground);
    await page.value("document.getElementById('theme').click()");
    ok(
        (await page.value("hillockView.theme")) === "dark" && (await page.value(ground)) !== light,
        "a button makes it dark",
    );
    await page.value("document.querySelector('#activity .choice button:last-child').click()");
    await page.value("document.querySelector('.chooser input[type=checkbox]').click()");
    is(await page.value("hillockView.shown.v.length"), 5, "a trace can be taken away");
    await page.frames();
    silent(page, "small");
    await page.close();
}

async function phone(browser) {
    const page = await loaded(browser, "small", {
        width: 360,
        height: 740,
        touch: true,
        dark: true,
    });
    is(await page.value("hillockView.theme"), "dark", "dark where the system is");
    for (const tab of ["activity", "cell", "network", "run"]) {
        await page.value(`document.getElementById("tab-${tab}").click()`);
        await page.frames();
        const seen = await page.value(`(() => {
            const card = document.getElementById("${tab}"), box = card.getBoundingClientRect();
            const canvas = card.querySelector("canvas");
            return {
                wide: document.documentElement.scrollWidth,
                shown: box.width > 300 && box.height > 200,
                drawn: !canvas || canvas.width > 300 && canvas.getContext("2d")
                    .getImageData(0, 0, canvas.width, canvas.height).data.some((x) => x > 0),
            };
        })()`);
        is(
            seen,
            { wide: 360, shown: true, drawn: true },
            `phone: ${tab} is seen, and nothing is wider than the screen`,
        );
    }
    await page.value("document.getElementById('tab-activity').click()");
    await page.frames();
    const box = await page.box(over);
    const y = box.top + 60,
        at = (share) => box.left + box.width * share;
    await page.touch("touchStart", [
        [at(0.4), y],
        [at(0.6), y],
    ]);
    for (let i = 1; i <= 5; i++) {
        await page.touch("touchMove", [
            [at(0.4 - 0.03 * i), y],
            [at(0.6 + 0.03 * i), y],
        ]);
    }
    await page.touch("touchEnd", []);
    await page.frames();
    const pinched = await page.value("hillockView.range");
    near(pinched[1] - pinched[0], 40, 6, "phone: two fingers stretch time");
    near((pinched[0] + pinched[1]) / 2, 50, 3, "phone: about what was between them");
    await page.touch("touchStart", [[at(0.7), y]]);
    for (let i = 1; i <= 5; i++) {
        await page.touch("touchMove", [[at(0.7 - 0.06 * i), y]]);
    }
    await page.touch("touchEnd", []);
    await page.frames();
    const moved = await page.value("hillockView.range");
    near(moved[0] - pinched[0], 0.3 * (pinched[1] - pinched[0]), 3, "phone: one finger moves it");
    silent(page, "phone");
    await page.close();
}

async function others(browser) {
    // As in an older browser.
    const bare = await loaded(browser, "bare", { before: "delete Uint8Array.fromBase64" });
    is(
        await bare.value("['cell', 'network'].map((id) => document.getElementById(id).hidden)"),
        [true, true],
        "bare: no cell and no network where none is known",
    );
    ok(
        (await bare.value("document.getElementById('warnings').textContent")).includes(
            "no cells are shown of network",
        ),
        "bare: and says so",
    );
    is((await bare.value("hillockView.axes")).length, 2, "bare: spikes and their rate");
    silent(bare, "bare");
    await bare.close();

    const many = await loaded(browser, "many");
    const text = await many.value("document.getElementById('network').textContent");
    ok(
        text.includes("300 cells are too many for a graph"),
        "many: a sentence instead of a graph",
        text,
    );
    is(
        await many.value("document.querySelectorAll('#network canvas').length"),
        1,
        "many: the matrix alone",
    );
    silent(many, "many");
    await many.close();

    const still = await loaded(browser, "still");
    is(
        await still.value("hillockView.range"),
        [0, 20],
        "still: time is the run's where nothing was recorded of it",
    );
    is(
        await still.value("document.querySelector('#which select').options.length"),
        2,
        "still: networks can be chosen",
    );
    await still.value(`(() => {
        const list = document.querySelector("#which select");
        list.value = "2";
        setTimeout(() => list.dispatchEvent(new Event("change")));
    })()`);
    ok(
        await still.until(
            "document.getElementById('activity')?.textContent.includes('30 spikes') " +
                "&& window.hillockView?.ready",
        ),
        "still: the second one has its spikes",
    );
    silent(still, "still");
    await still.close();

    const sick = await loaded(browser, "sick");
    const warning = await sick.value("document.getElementById('warnings').textContent");
    ok(
        warning.includes("v.csv is not what the run wrote"),
        "sick: a file with another hash is named",
        warning,
    );
    silent(sick, "sick");
    await sick.close();
}

// What a run of hillock's left, as it is.
async function real(browser) {
    const page = await loaded(browser, "real");
    is(await page.value("document.getElementById('warnings').hidden"), true, "real: no warning");
    is(
        await page.value("hillockView.morphology"),
        { subject: "cell 7", colour: "v_all" },
        "real: cells go by their identities",
    );
    const table = csv(`${folder}/real/v_all.csv`);
    const box = await page.box("[data-name=v_all] .u-over");
    await page.mouse("mouseMoved", box.left + box.width * 0.3, box.top + box.height * 0.5);
    await page.frames();
    const found = await page.value("hillockView.hover");
    const row = table.rows.find((r) => Math.abs(r[0] - found.t) < 1e-6);
    near(found.value, row[table.names.indexOf(found.column)], 1e-5, "real: v is the file's");
    const shape = () => page.value("document.querySelector('#cell canvas').toDataURL()");
    const before = await shape();
    const spike = csv(`${folder}/real/spikes.csv`).rows[0];
    await page.value(`hillockView.setTime(${spike[0]})`);
    await page.frames();
    ok((await shape()) !== before, "real: the cell's colours follow the time");
    const graph = await page.box("#network .picture");
    const radius = Math.min(graph.width, graph.height) / 2 - 30;
    const [x, y] = [graph.left + graph.width / 2, graph.top + graph.height / 2];
    await page.mouse("mouseMoved", x, y - radius);
    await page.frames();
    is(
        await page.value("hillockView.hover"),
        { panel: "graph", cell: 7, in: 0, out: 1 },
        "real: the graph has the run's connections",
    );
    silent(page, "real");
    await page.close();
}

async function large(browser) {
    if (!fs.existsSync(`${folder}/large/view.html`)) {
        return;
    }
    const page = await loaded(browser, "large", { width: 1440, height: 900 });
    const paint = await page.value("performance.getEntriesByType('paint').at(-1)?.startTime");
    const timings = await page.value("hillockView.timings");
    const size = fs.statSync(`${folder}/large/view.html`).size;
    console.log(
        `# 100 traces of 20000 samples, 100000 spikes: ${(size / 1e6).toFixed(1)} MB, ` +
            `first paint ${Math.round(paint)} ms, all drawn ${Math.round(timings.ready)} ms, ` +
            `traces ${Math.round(timings.traces)} ms, raster ${Math.round(timings.raster)} ms`,
    );
    const table = csv(`${folder}/large/spikes.csv`).rows;
    await page.value("hillockView.setRange(1000, 1002)");
    await page.frames();
    const box = await page.box("[data-name=spikes] .u-over");
    const spike = table.find((row) => row[0] > 1000.9);
    await page.mouse(
        "mouseMoved",
        box.left + (box.width * (spike[0] - 1000)) / 2,
        box.top + (box.height * (spike[1] + 0.5)) / 100,
    );
    await page.frames();
    is(
        await page.value("hillockView.hover"),
        { panel: "spikes", source: spike[1], t: spike[0] },
        "large: each spike is there on zoom",
    );
    silent(page, "large");
    await page.close();
}

(async () => {
    const browser = await start(program);
    try {
        for (const part of [desktop, phone, others, real, large]) {
            await part(browser);
        }
    } catch (error) {
        ok(false, "the test ran to its end", ...String(error.stack).split("\n"));
    } finally {
        await browser.close();
    }
    console.log(`1..${count}`);
    process.exitCode = failed ? 1 : 0;
})();
