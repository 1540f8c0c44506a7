// Puts the page together: what was asked, what was found, the figures, how it was made.

(() => {
    const model = JSON.parse(document.getElementById("model").textContent);
    const main = document.getElementById("report");
    const command = model.command || model.first_command;
    const kHoldersPath = "workload.holders";
    const kDelayPath = "protocol.response_delay_ms";
    const kUsualPaths = ["lan.nodes", "workload.window_s", "uplink.preset", "internet.nodes"];
    const figures = [];
    let setting = model.usual;
    Figures.use(model);

    function header() {
        const chips = [["runs", model.done], ["policies", model.policies.join(", ")], ...model.axes.map((axis) => [labelOf(axis), axis.values.length > 8 ? `${axis.values.length} values` : axis.values.join(", ")]), ["scenario", model.scenarios.join(", ")],
            ...model.fixed.map(([path, value]) => [path, value]), ["commit", model.made_by.map((by) => by.commit.slice(0, 10) + (by.dirty ? " + changes" : "")).join(", ")]];
        return element("header", {}, element("p", {class: "kicker"}, "LanPeer · report of a sweep"), element("h1", {}, model.name || "Sweep"),
            model.about ? element("p", {class: "lead"}, model.about.trim()) : null,
            element("ul", {class: "chips"}, chips.filter(([, value]) => value !== "").map(([name, value]) => element("li", {}, `${name} `, element("b", {}, value)))));
    }

    /** Names of policies get their colour. */
    function withPolicies(text) {
        const parts = text.split(/([A-Za-z0-9_-]+)/);
        return parts.map((part) => model.policies.includes(part) ? Figures.policyTag(part) : part);
    }

    function findings() {
        return model.findings.length === 0 ? null : element("section", {class: "card findings"}, element("h2", {}, "What was found"),
            element("ul", {}, model.findings.map((text) => element("li", {}, withPolicies(text)))));
    }

    function failures() {
        if (model.failed === 0) {
            return null;
        }
        const shown = model.failures.map((failure) => [element("h3", {}, `Row ${failure.row}: ${failure.what}`),
            element("p", {class: "note"}, `exit code ${failure.exit_code}`), element("pre", {}, failure.stderr || "(nothing on standard error)"), commandBlock(failure.command)]);
        return element("section", {class: "card warn", id: "failures"}, element("h2", {}, `${model.failed} of ${model.rows} runs failed`),
            element("p", {class: "caption"}, model.done === 0 ? "There is nothing to draw." : "They are in none of the figures."),
            element("details", {open: model.done === 0}, element("summary", {}, `The first ${model.failures.length}`), ...shown.flat()));
    }

    function settingBar() {
        if (model.axes.length === 0) {
            return null;
        }
        const selects = model.axes.map((axis, i) => choice(labelOf(axis), axis.values.map((value, at) => [at, value]), setting[i], (value) => {
            setting = setting.with(i, Number(value));
            update();
        }));
        return element("nav", {class: "setting", "aria-label": "The setting that is shown"}, element("strong", {}, "Shown at"), selects);
    }

    function update() {
        for (const figure of figures) {
            figure.update(setting);
        }
    }

    function axisFigures() {
        return model.axes.flatMap((axis, i) => {
            const others = model.axes.length > 1 ? " The other values are those chosen above." : "";
            const isAboutAnswers = axis.path === kHoldersPath || axis.path === kDelayPath;
            const path = axis.path === axis.label ? "" : ` The key is ${axis.path}.`;
            const isBounded = model.closed_forms.some((form) => form.measure === Figures.measureAt("finish_s.last"));
            const keys = ["saved_fraction", "copies", ...(isBounded ? ["finish_s.last", "internet_bytes"] : [])];
            const plain = Figures.axisFigure(i, keys, `By ${axis.label}`,
                `Points are means, bars their 95 % intervals. Look for policies that stay flat where others grow. Thin, dashed and without marks: what paper says, or the bounds it gives, in the colour of its policy or, of any, in black.${others}${path}`, command);
            const answers = isAboutAnswers ? [Figures.axisFigure(i, ["response_delay_ms.mean", "i_have_per_i_need"], `Answers by ${axis.label}, beside the closed form`,
                `How long an asker waits for the first “I have”, and how many come.${others}`, command)] : [];
            return [...answers, plain];
        });
    }

    function replay() {
        const player = new Replay.Player(model);
        const where = model.replays.setting ? ` (${model.replays.setting})` : "";
        const tooLong = model.replays.too_long.length > 0 ? ` Too long for this page: ${model.replays.too_long.join(", ")}; --replay ROW takes one.` : "";
        const section = Figures.card("One run in time", `Press play${where}. Look for who goes to the Internet, and how the copies spread from there.${tooLong}`,
            player.element(), () => player.csv(model.name), null);
        section.querySelector(".foot").append(element("details", {}, element("summary", {}, "The command that remakes it"), player.command));
        return section;
    }

    function leftOut() {
        const missing = kUsualPaths.filter((path) => !model.axes.some((axis) => axis.path === path));
        const texts = [];
        if (missing.length > 0) {
            texts.push(`Not drawn, because the sweep does not vary it: against ${missing.join(", ")}.`);
        }
        if (!model.axes.some((axis) => axis.path === kHoldersPath || axis.path === kDelayPath)) {
            texts.push(`No response delay beside the closed form: the sweep varies neither ${kHoldersPath} nor ${kDelayPath}.`);
        }
        texts.push("False time-outs are not drawn here: lanpeer-sim timing has their closed form beside the simulation.",
            ...model.no_closed_form.filter(([measure]) => measure === null).map(([, why]) => why));
        if (model.replays.runs.length === 0) {
            texts.push("No distribution tree and no replay: no run of it was kept in time.");
        }
        return element("section", {}, texts.map((text) => element("p", {class: "note"}, text)));
    }

    function howMade() {
        const makers = model.made_by.map((by) => `commit ${by.commit}${by.dirty ? " with changes that are not committed" : ""}, ns-3 ${by.ns3}, ${by.compiler}`);
        return element("section", {class: "card"}, element("h2", {}, "How it was made"),
            element("dl", {}, element("dt", {}, "Runs"), element("dd", {}, `${model.rows}, of which ${model.failed} failed`),
                element("dt", {}, "Made by"), makers.map((text) => element("dd", {}, text)),
                element("dt", {}, "Intervals"), element("dd", {}, "95 %, Student's t over independent runs; quantiles by nearest rank"),
                element("dt", {}, "Charts"), element("dd", {}, `Apache ECharts ${echarts.version} (Apache License 2.0)`)),
            element("h3", {}, "The whole sweep"), commandBlock(model.command || "(not known)"),
            model.first_command ? [element("h3", {}, "Its first run"), commandBlock(model.first_command)] : null,
            model.sweep ? element("details", {}, element("summary", {}, "The sweep's file"), element("pre", {}, model.sweep)) : null);
    }

    const sections = [header(), failures(), findings()];
    if (model.done > 0) {
        const hasCurve = (kind) => model.curves[kind].some((curve) => curve !== null);
        figures.push(Figures.headlineTable(command));
        if (model.policies.length > 1) {
            figures.push(Figures.pairTable(command));
        }
        figures.push(...axisFigures());
        if (hasCurve("finish")) {
            figures.push(Figures.curveFigure("finish", "When nodes had everything",
                "How many of the nodes that wanted something had all of it, by the time since their first ask; at each share the mean over the runs. Steep and far left is good; the tail is who waited longest.", command));
        }
        if (hasCurve("load")) {
            figures.push(Figures.curveFigure("load", "What nodes gave to others",
                "Bytes served to other nodes, the busiest node first. A flat curve shares the burden; a spike at the left is one node that served everybody.", command));
        }
        if (model.replays.runs.length > 0) {
            figures.push(Figures.treeFigure(), Spread.figure(model));
        }
        sections.push(settingBar(), ...figures.map((figure) => figure.section));
        if (model.replays.runs.length > 0) {
            sections.push(replay());
        }
        sections.push(leftOut());
    }
    sections.push(howMade());
    main.replaceChildren(...sections.filter((section) => section !== null));
    update();
})();
