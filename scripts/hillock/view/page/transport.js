// SPDX-License-Identifier: BSD-3-Clause
// transport: the bar at the foot of the page: the marked moment, as a slider that can play.
const transport = (() => {
    "use strict";

    const { element } = base;

    function bar(host) {
        const [from, to] = timeline.full;
        const speeds = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
        const wanted = (to - from) / 10;
        const usual = speeds.reduce((best, s) =>
            Math.abs(Math.log(s / wanted)) < Math.abs(Math.log(best / wanted)) ? s : best,
        );
        const speed = base.select(
            "speed",
            speeds.map((s) => [String(s), `${s} ms/s`]),
            String(usual),
            () => undefined,
        );
        const said = element("output", { for: "time" });
        const slider = element("input", {
            type: "range",
            id: "time",
            "aria-label": "time",
            min: String(from),
            max: String(to),
            step: "any",
            value: String(from),
            input: () => timeline.setTime(Number(slider.value)),
            keydown(event) {
                const by = { ArrowLeft: -1, ArrowRight: 1, PageDown: -10, PageUp: 10 }[event.key];
                if (by) {
                    event.preventDefault();
                    timeline.setTime(
                        timeline.time + (by * (timeline.range[1] - timeline.range[0])) / 500,
                    );
                }
            },
        });
        let last = 0,
            playing = false;

        function step(now) {
            if (!playing) {
                return;
            }
            const t = timeline.time + ((now - last) / 1000) * Number(speed.value);
            last = now;
            const [low, high] = timeline.range;
            timeline.setTime(t > high || t < low ? low : t);
            requestAnimationFrame(step);
        }

        const button = element("button", {
            type: "button",
            class: "play",
            "aria-label": "play",
            text: "\u25b6",
            click() {
                playing = !playing;
                button.textContent = playing ? "\u2759\u2759" : "\u25b6";
                button.setAttribute("aria-label", playing ? "pause" : "play");
                last = performance.now();
                requestAnimationFrame(step);
            },
        });
        function show(t) {
            const span = timeline.range[1] - timeline.range[0];
            slider.value = String(t);
            slider.setAttribute("aria-valuetext", base.time(t));
            said.textContent = `${t.toFixed(Math.max(base.decimals(span / 1000), 1))} ms`;
        }
        timeline.moved(show);
        host.append(button, slider, said, speed);
        show(timeline.time);
    }

    return { bar };
})();
