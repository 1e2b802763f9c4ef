// SPDX-License-Identifier: BSD-3-Clause
// colour: light and dark, the colours of populations and domains, and the scale of values. All are
// told apart by colour-blind people.
const colour = (() => {
    "use strict";

    const root = document.documentElement;
    const listeners = [];

    // Okabe & Ito 2008, in the order in which they stand out from the ground.
    const sets = {
        light: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#4d4d4d"],
        dark: ["#56b4e9", "#e69f00", "#2fc79b", "#cc79a7", "#f0e442", "#e8743b", "#b8bec8"],
    };

    const wanted = matchMedia("(prefers-color-scheme: dark)");
    let theme = wanted.matches ? "dark" : "light";

    function set(name) {
        theme = name;
        root.dataset.theme = name;
        scale = make(name);
        listeners.forEach((tell) => tell(name));
    }

    // OKLCH to sRGB, 0 to 255 (B. Ottosson 2020, "A perceptual color space for image processing").
    function srgb(lightness, chroma, hue) {
        const a = chroma * Math.cos(hue),
            b = chroma * Math.sin(hue);
        const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
        const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
        const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
        return [
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
        ].map((x) => {
            const y = x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055;
            return Math.round(255 * base.clamp(y, 0, 1));
        });
    }

    // 256 steps of equal lightness from blue through red to yellow: more is lighter, which the eye
    // orders without its colours. The ends keep clear of the ground.
    function make(name) {
        const [from, to] = name === "dark" ? [0.44, 0.95] : [0.32, 0.86];
        return Array.from({ length: 256 }, (_, i) => {
            const x = i / 255;
            const hue = ((275 + 190 * x) * Math.PI) / 180;
            return srgb(from + (to - from) * x, 0.15 - 0.02 * Math.abs(2 * x - 1), hue);
        });
    }
    let scale = make(theme);
    root.dataset.theme = theme;
    wanted.addEventListener("change", () => set(wanted.matches ? "dark" : "light"));

    // The colour of x between low and high, as { r, g, b } in a list.
    function rgb(x, low, high) {
        const at = high > low ? (x - low) / (high - low) : 0.5;
        return scale[Math.round(255 * base.clamp(at, 0, 1))];
    }

    function css(x, low, high) {
        return Number.isFinite(x) ? `rgb(${rgb(x, low, high).join(" ")})` : of("--faint");
    }

    // A colour of the style sheet, "--text".
    const of = (name) => getComputedStyle(root).getPropertyValue(name).trim();

    const kind = (i) => sets[theme][i % sets[theme].length];

    // A bar of the scale with its ends, for a legend.
    function bar(low, high, unit) {
        const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map(
            (i) => `rgb(${scale[i].join(" ")})`,
        );
        const { element, number } = base;
        return element(
            "div",
            { class: "bar" },
            element("span", { text: number(low, 3).replace("-", "\u2212") }),
            element("span", {
                class: "ramp",
                style: `background: linear-gradient(to right, ${stops.join(", ")})`,
            }),
            element("span", {
                text: `${number(high, 3).replace("-", "\u2212")}${unit ? ` ${unit}` : ""}`,
            }),
        );
    }

    return {
        get theme() {
            return theme;
        },
        set,
        rgb,
        css,
        of,
        kind,
        bar,
        toggle: () => set(theme === "dark" ? "light" : "dark"),
        changed: (tell) => listeners.push(tell),
    };
})();
