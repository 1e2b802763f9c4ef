// SPDX-License-Identifier: BSD-3-Clause
// manifest: what was run: checks, versions, files and their hashes, the protocol as a tree.
const manifest = (() => {
    "use strict";

    const { element } = base;

    // A hash is short until one wants all of it: a press copies it.
    function hash(text) {
        return element("button", {
            type: "button",
            class: "hash",
            title: `${text}\npress to copy`,
            "aria-label": `copy the hash ${text}`,
            text: text.slice(0, 12),
            click(event) {
                const button = event.target;
                const said = (word) => {
                    button.textContent = word;
                    setTimeout(() => {
                        button.textContent = text.slice(0, 12);
                    }, 900);
                };
                if (navigator.clipboard) {
                    navigator.clipboard.writeText(text).then(
                        () => said("copied"),
                        () => said(text),
                    );
                } else {
                    said(text);
                }
            },
        });
    }

    const isHash = (x) => typeof x === "string" && /^[0-9a-f]{64}$/.test(x);

    function leaf(x) {
        if (isHash(x)) {
            return hash(x);
        }
        const text = x === null ? "none" : typeof x === "object" ? "none" : String(x);
        return element("span", { class: typeof x === "string" ? "word" : "figure", text });
    }

    // A list or an object that holds nothing but numbers and words is one line.
    function short(x) {
        const parts = Object.entries(x);
        if (
            parts.length > 8 ||
            parts.some(([, y]) => (y !== null && typeof y === "object") || isHash(y))
        ) {
            return undefined;
        }
        // "1" is what stands without a key in a protocol: { "IClamp", amp = 0.3 }.
        return parts
            .map(([key, y]) => (Array.isArray(x) || key === "1" ? String(y) : `${key} = ${y}`))
            .join(", ");
    }

    function title(x, key) {
        const name = [x?.name, x?.[0], x?.[1], x?.path].find((n) => typeof n === "string");
        return name && name !== key ? name : Array.isArray(x) ? `${x.length}` : "";
    }

    function tree(x, key, open) {
        const name = element("span", { class: "key", text: key });
        if (x === null || typeof x !== "object") {
            return element("div", { class: "leaf" }, name, leaf(x));
        }
        const line = short(x);
        if (line !== undefined) {
            return element(
                "div",
                { class: "leaf" },
                name,
                element("span", { class: "word", text: line || "none" }),
            );
        }
        return element(
            "details",
            { open },
            element("summary", {}, name, element("span", { class: "word", text: title(x, key) })),
            ...Object.entries(x).map(([k, y]) =>
                tree(y, Array.isArray(x) ? String(Number(k) + 1) : k, false),
            ),
        );
    }

    const LONG = new Set(["file", "source", "check"]); // columns whose words may be broken

    function table(heads, rows) {
        return element(
            "div",
            { class: "wide" },
            element(
                "table",
                {},
                element(
                    "thead",
                    {},
                    element(
                        "tr",
                        {},
                        ...heads.map((text) => element("th", { scope: "col", text })),
                    ),
                ),
                element(
                    "tbody",
                    {},
                    ...rows.map((row) =>
                        element(
                            "tr",
                            {},
                            ...row.map((x, i) =>
                                element(
                                    "td",
                                    LONG.has(heads[i]) ? { class: "long" } : {},
                                    x instanceof Node ? x : String(x ?? ""),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        );
    }

    function part(host, name, ...inside) {
        host.append(
            element("section", { class: "part" }, element("h3", { text: name }), ...inside),
        );
    }

    // A check says in one line what it is about and what came of it; the verdict stands beside it.
    function checks(host, list) {
        const rows = list.map((check) => [
            element("span", {
                class: check.passed ? "pass" : "fail",
                text: check.passed ? "\u2713 pass" : "\u2717 fail",
            }),
            (check.text ?? check.check).replace(/^(ok|FAIL)\s+/, ""),
            []
                .concat(check.measured ?? [])
                .map((x) => base.number(x, 10))
                .join(", "),
        ]);
        part(host, "Checks", table(["", "check", "measured"], rows));
    }

    const listOf = (x) =>
        Array.isArray(x) ? x : x && typeof x === "object" ? Object.values(x) : [];

    function panel(host, it) {
        if (listOf(it.checks).length) {
            checks(host, listOf(it.checks));
        }
        const facts = { ...it.versions, ...it.machine };
        part(
            host,
            "Made by",
            element(
                "dl",
                {},
                ...Object.entries(facts).flatMap(([key, x]) => [
                    element("dt", { text: key }),
                    element("dd", { text: String(x) }),
                ]),
            ),
        );
        if (it.command) {
            part(
                host,
                "Command",
                ...Object.entries(it.command).map(([key, x]) => tree(x, key, true)),
            );
        }
        if (it.protocol && typeof it.protocol === "object") {
            part(
                host,
                "Protocol",
                ...Object.entries(it.protocol).map(([key, x]) => tree(x, key, false)),
            );
        }
        part(
            host,
            "Networks",
            ...listOf(it.networks).map((net, i) => tree(net, net.name ?? String(i + 1), true)),
        );
        const files = listOf(it.files),
            plugins = listOf(it.plugins);
        if (files.length) {
            part(
                host,
                "Files that were read",
                table(
                    ["file", "role", "SHA-256"],
                    files.map((f) => [f.path, f.role, f.sha256 ? hash(f.sha256) : ""]),
                ),
            );
        }
        if (plugins.length) {
            part(
                host,
                "Plugins",
                table(
                    ["name", "kind", "SHA-256", "source", "SHA-256"],
                    plugins.map((p) => [
                        p.name,
                        p.kind,
                        p.sha256 ? hash(p.sha256) : "",
                        p.source,
                        p.source_sha256 ? hash(p.source_sha256) : "",
                    ]),
                ),
            );
        }
        host.append(
            element(
                "div",
                { class: "tools" },
                element("button", {
                    type: "button",
                    text: "save manifest.json",
                    click() {
                        const url = URL.createObjectURL(
                            new Blob([data.text("manifest")], { type: "application/json" }),
                        );
                        element("a", { href: url, download: "manifest.json" }).click();
                        setTimeout(() => URL.revokeObjectURL(url), 1000);
                    },
                }),
            ),
        );
    }

    return { panel };
})();
