// SPDX-License-Identifier: BSD-3-Clause
// browser: a headless Chromium over a pipe, by its DevTools protocol: no driver, no package. It
// knows no network: each request but that of the page itself is counted, and each word that the
// page says to the console.
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const flags = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
];

// Messages over the pipe end in a zero byte.
function connect(child) {
    const waiting = new Map(),
        listeners = [];
    let last = 0,
        rest = "";
    child.stdio[4].setEncoding("utf8");
    child.stdio[4].on("data", (chunk) => {
        const parts = (rest + chunk).split("\0");
        rest = parts.pop();
        for (const text of parts) {
            const message = JSON.parse(text);
            const ask = waiting.get(message.id);
            if (ask) {
                waiting.delete(message.id);
                if (message.error) {
                    ask.reject(new Error(`${ask.method}: ${message.error.message}`));
                } else {
                    ask.resolve(message.result);
                }
            } else {
                listeners.forEach((tell) => tell(message));
            }
        }
    });
    child.on("exit", () => waiting.forEach((ask) => ask.reject(new Error("the browser is gone"))));
    return {
        listen: (tell) => listeners.push(tell),
        send: (method, params = {}, sessionId = undefined) =>
            new Promise((resolve, reject) => {
                const id = ++last;
                waiting.set(id, { resolve, reject, method });
                child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
            }),
    };
}

// program: the browser's path. Gives { open(url, options), close() }; options: width, height, dark,
// touch, and `before`, a script that runs before the page's own.
async function start(program) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "hillock-browser-"));
    const child = spawn(program, [...flags, `--user-data-dir=${folder}`, "about:blank"], {
        stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    const pipe = connect(child);

    async function open(
        url,
        { width = 1280, height = 900, dark = false, touch = false, before = "" } = {},
    ) {
        const { targetId } = await pipe.send("Target.createTarget", { url: "about:blank" });
        const { sessionId } = await pipe.send("Target.attachToTarget", { targetId, flatten: true });
        const send = (method, params) => pipe.send(method, params, sessionId);
        const page = { said: [], requests: [], send };
        pipe.listen(({ method, params, sessionId: from }) => {
            if (from !== sessionId) {
                return;
            }
            if (method === "Runtime.exceptionThrown") {
                page.said.push(
                    params.exceptionDetails.exception?.description ?? params.exceptionDetails.text,
                );
            } else if (method === "Runtime.consoleAPICalled") {
                page.said.push(
                    `${params.type}: ${params.args.map((a) => a.value ?? a.description).join(" ")}`,
                );
            } else if (method === "Log.entryAdded") {
                page.said.push(`${params.entry.level}: ${params.entry.text}`);
            } else if (method === "Network.requestWillBeSent" && params.request.url !== url) {
                page.requests.push(params.request.url);
            }
        });
        for (const domain of ["Runtime", "Log", "Network", "Page"]) {
            await send(`${domain}.enable`);
        }
        await send("Emulation.setDeviceMetricsOverride", {
            width,
            height,
            deviceScaleFactor: touch ? 2 : 1,
            mobile: touch,
        });
        await send("Emulation.setTouchEmulationEnabled", { enabled: touch });
        await send("Emulation.setEmulatedMedia", {
            features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }],
        });

        // The value of an expression in the page, a promise's too.
        page.value = async (expression) => {
            const { result, exceptionDetails } = await send("Runtime.evaluate", {
                expression,
                returnByValue: true,
                awaitPromise: true,
            });
            if (exceptionDetails) {
                throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
            }
            return result.value;
        };
        // Waits until the expression is true; while a page goes and the next one comes, none is.
        page.until = async (expression, seconds = 30) => {
            for (const end = Date.now() + 1000 * seconds; Date.now() < end;) {
                if (await page.value(`Boolean(${expression})`).catch(() => false)) {
                    return true;
                }
                await new Promise((wake) => setTimeout(wake, 20));
            }
            return false;
        };
        // Two frames: what was asked for is drawn.
        page.frames = () =>
            page.value(
                "new Promise((done) => " +
                    "requestAnimationFrame(() => requestAnimationFrame(() => done(1))))",
            );
        page.mouse = async (type, x, y, more = {}) => {
            await send("Input.dispatchMouseEvent", {
                type,
                x,
                y,
                button: type === "mouseMoved" && !more.buttons ? "none" : "left",
                clickCount: 1,
                ...more,
            });
        };
        page.wheel = (x, y, deltaY, more = {}) =>
            send("Input.dispatchMouseEvent", {
                type: "mouseWheel",
                x,
                y,
                deltaX: 0,
                deltaY,
                ...more,
            });
        page.click = async (x, y) => {
            await page.mouse("mousePressed", x, y, { buttons: 1 });
            await page.mouse("mouseReleased", x, y);
        };
        page.drag = async (from, to, more = {}) => {
            await page.mouse("mouseMoved", ...from, { buttons: 0, ...more });
            await page.mouse("mousePressed", ...from, { buttons: 1, ...more });
            for (let i = 1; i <= 5; i++) {
                await page.mouse(
                    "mouseMoved",
                    from[0] + ((to[0] - from[0]) * i) / 5,
                    from[1] + ((to[1] - from[1]) * i) / 5,
                    { buttons: 1, ...more },
                );
            }
            await page.mouse("mouseReleased", ...to, more);
            await page.frames();
        };
        page.touch = (type, points) =>
            send("Input.dispatchTouchEvent", {
                type,
                touchPoints: points.map(([x, y], id) => ({ x, y, id })),
            });
        page.key = async (key) => {
            for (const type of ["keyDown", "keyUp"]) {
                await send("Input.dispatchKeyEvent", {
                    type,
                    key,
                    text: type === "keyDown" && key.length === 1 ? key : undefined,
                });
            }
            await page.frames();
        };
        // The box of what a selector finds, after it was brought into view.
        page.box = async (selector) => {
            const node = `document.querySelector(${JSON.stringify(selector)})`;
            await page.value(`${node}.scrollIntoView({ block: "center" })`);
            await page.frames();
            return page.value(`(() => {
                const { left, top, width, height } = ${node}.getBoundingClientRect();
                return { left, top, width, height };
            })()`);
        };
        page.picture = async (file, whole = false) => {
            const { data } = await send("Page.captureScreenshot", {
                format: "png",
                captureBeyondViewport: whole,
            });
            fs.writeFileSync(file, Buffer.from(data, "base64"));
        };
        page.close = () => pipe.send("Target.closeTarget", { targetId });
        await send("Page.addScriptToEvaluateOnNewDocument", { source: before });
        await send("Page.navigate", { url });
        return page;
    }

    async function close() {
        const gone = new Promise((done) => child.on("exit", done));
        pipe.send("Browser.close").catch(() => undefined);
        const late = setTimeout(() => child.kill("SIGKILL"), 5000);
        await gone;
        clearTimeout(late);
        fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }

    return { open, close };
}

module.exports = { start };
