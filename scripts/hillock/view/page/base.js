// SPDX-License-Identifier: BSD-3-Clause
// base: what all parts of the page use: elements, numbers as text, pictures that fit their place.
const base = (() => {
    "use strict";

    // An element. An attribute that is a function is a listener; `text` is the text inside.
    function element(tag, attributes = {}, ...children) {
        const node = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes)) {
            if (typeof value === "function") {
                node.addEventListener(name, value);
            } else if (name === "text") {
                node.textContent = value;
            } else if (value !== undefined && value !== null && value !== false) {
                node.setAttribute(name, value === true ? "" : value);
            }
        }
        node.append(...children.filter((child) => child !== undefined && child !== null));
        return node;
    }

    const clamp = (x, low, high) => Math.min(Math.max(x, low), high);

    // A number with so many significant digits, without zeros at its end.
    function number(x, digits = 6) {
        return Number.isFinite(x) ? String(Number(x.toPrecision(digits))) : String(x);
    }

    // A whole number with a thin space at each thousand.
    function whole(n) {
        return String(n).replace(/\B(?=(\d{3})+$)/g, "\u2009");
    }

    const plural = (n, noun) => `${whole(n)} ${noun}${n === 1 ? "" : "s"}`;

    // How many digits after the point tell numbers apart that differ by `step`.
    function decimals(step) {
        return clamp(Math.ceil(-Math.log10(step) - 1e-9), 0, 9);
    }

    // The value of a recorded quantity: what a hover shows.
    function value(x, unit) {
        const text = unit === "mV" && Number.isFinite(x) ? x.toFixed(4) : number(x, 7);
        return text.replace("-", "\u2212") + (unit ? ` ${unit}` : "");
    }

    // Times are multiples of a step, which six digits after the point show.
    const time = (t) => `${Number(t.toFixed(6))} ms`;

    // 1, 2 or 5 times a power of ten: the greatest that is at most x.
    function round(x) {
        const power = 10 ** Math.floor(Math.log10(x));
        const times = x / power;
        return (times >= 5 ? 5 : times >= 2 ? 2 : 1) * power;
    }

    // A canvas that fills `host`, sharp on any screen. draw(context, width, height) is called in
    // CSS pixels, once a frame at most.
    function picture(host, label, draw) {
        const canvas = element("canvas", { role: "img", "aria-label": label, tabindex: "0" });
        const context = canvas.getContext("2d");
        let asked = false;
        function paint() {
            asked = false;
            const width = host.clientWidth,
                height = host.clientHeight;
            const ratio = window.devicePixelRatio || 1;
            if (!width || !height) {
                return;
            }
            const w = Math.round(width * ratio),
                h = Math.round(height * ratio);
            if (canvas.width !== w || canvas.height !== h) {
                canvas.width = w;
                canvas.height = h;
            }
            context.setTransform(ratio, 0, 0, ratio, 0, 0);
            context.clearRect(0, 0, width, height);
            draw(context, width, height);
        }
        function redraw() {
            if (!asked) {
                asked = true;
                requestAnimationFrame(paint);
            }
        }
        host.append(canvas);
        new ResizeObserver(redraw).observe(host);
        return { canvas, redraw };
    }

    // The place of an event in an element, in CSS pixels.
    function place(event, node) {
        const box = node.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
    }

    // The box that follows the pointer and says what is there. show(host, x, y, lines) | hide().
    const tip = element("div", { class: "tip", role: "status", hidden: true });
    function showTip(host, x, y, lines) {
        tip.replaceChildren(
            ...lines.map((line, i) => element(i === 0 ? "strong" : "span", { text: line })),
        );
        tip.hidden = false;
        if (!tip.isConnected) {
            document.body.append(tip);
        }
        const box = host.getBoundingClientRect();
        const width = tip.offsetWidth,
            height = tip.offsetHeight;
        const px = box.left + x,
            py = box.top + y;
        const room = document.documentElement.clientWidth;
        const left = px + 14 + width < room ? px + 14 : px - 14 - width;
        const top = py - height - 10 > 0 ? py - height - 10 : py + 16;
        tip.style.left = `${clamp(left, 4, Math.max(4, room - width - 4))}px`;
        tip.style.top = `${top}px`;
    }
    function hideTip() {
        tip.hidden = true;
    }

    // A row of buttons of which one is pressed. choices: [[key, text], ...].
    function choice(label, choices, chosen, pick) {
        const buttons = choices.map(([key, text]) =>
            element("button", {
                type: "button",
                text,
                "aria-pressed": String(key === chosen),
                click() {
                    buttons.forEach((b, i) =>
                        b.setAttribute("aria-pressed", String(choices[i][0] === key)),
                    );
                    pick(key);
                },
            }),
        );
        return element("div", { class: "choice", role: "group", "aria-label": label }, ...buttons);
    }

    // A drop-down list. choices: [[key, text], ...].
    function select(label, choices, chosen, pick) {
        const list = element("select", { "aria-label": label, change: () => pick(list.value) });
        for (const [key, text] of choices) {
            list.append(element("option", { value: key, text, selected: key === chosen }));
        }
        return list;
    }

    return {
        element,
        clamp,
        number,
        whole,
        plural,
        decimals,
        value,
        time,
        round,
        picture,
        place,
        showTip,
        hideTip,
        choice,
        select,
    };
})();
