// Small helpers: elements, numbers as text, CSV. Data goes into the page as text, never as HTML.

/** element("p", {class: "note"}, "text", child, ...) */
function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
        if (key.startsWith("on")) {
            made.addEventListener(key.slice(2), value);
        } else if (value !== false && value !== undefined) {
            made.setAttribute(key, value === true ? "" : value);
        }
    }
    made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
    return made;
}

function svgElement(name, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes ?? {})) {
        made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
}

/** Of ECharts' tooltips, which are HTML. */
function escaped(text) {
    return String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** A figure of the model: null, [mean], [mean, half], [mean, half|null, n]. */
function readFigure(figure, n) {
    return figure === null ? null : {mean: figure[0], half: figure[1] ?? null, n: figure[2] ?? n};
}

function fixed(value, decimals) {
    const text = value.toFixed(decimals);
    return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/** "43.79 ± 4.52", "1.00 (2 of 5)" where only some runs could be measured. */
function figureText(figure, decimals, n) {
    if (figure === null) {
        return "–";
    }
    const half = figure.half === null ? "" : ` ± ${fixed(figure.half, decimals)}`;
    const some = figure.n < n ? ` (${figure.n} of ${n})` : "";
    return fixed(figure.mean, decimals) + half + some;
}

/** A number of any size, for axes and tooltips. */
function brief(value) {
    if (value === 0) {
        return "0";
    }
    const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : 3;
    return String(Number(value.toFixed(digits)) || Number(value.toPrecision(2)));
}

function labelOf(measure) {
    return measure.unit ? `${measure.label}, ${measure.unit}` : measure.label;
}

function csvText(rows) {
    const cell = (value) => {
        const text = value === null || value === undefined ? "" : String(value);
        return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return rows.map((row) => row.map(cell).join(",")).join("\n") + "\n";
}

function download(name, text) {
    const url = URL.createObjectURL(new Blob([text], {type: "text/csv"}));
    const link = element("a", {href: url, download: name});
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
}

function fileName(...parts) {
    return parts.join("-").replace(/[^A-Za-z0-9._-]+/g, "_").slice(0, 100) + ".csv";
}

/** A <select> of [value, text] pairs. */
function choice(label, options, chosen, changed) {
    const select = element("select", {onchange: () => changed(select.value)},
        options.map(([value, text]) => element("option", {value, selected: String(value) === String(chosen)}, text)));
    return element("label", {}, label, select);
}

/** A command that can be copied. */
function commandBlock(text) {
    const code = element("code", {}, text);
    const button = element("button", {
        type: "button",
        onclick: async () => {
            try {
                await navigator.clipboard.writeText(text);
                button.textContent = "Copied";
            } catch {
                getSelection().selectAllChildren(code);
                button.textContent = "Selected";
            }
            setTimeout(() => { button.textContent = "Copy"; }, 2000);
        },
    }, "Copy");
    return [element("pre", {}, code), button];
}
