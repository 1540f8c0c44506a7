// The figures of a sweep: each takes the model and the setting that is chosen, and gives an element
// with `update(setting)`. All statistics are in the model.

const Figures = (() => {
    let model = null;
    const cells = new Map();

    function use(given) {
        model = given;
        model.cells.forEach((cell, index) => cells.set(`${cell[0]}/${cell[1]}`, index));
    }

    function cellIndex(setting, policy) {
        return cells.get(`${setting}/${policy}`);
    }

    function figureAt(setting, policy, measure) {
        const index = cellIndex(setting, policy);
        return index === undefined ? null : readFigure(model.cells[index][3][measure], model.cells[index][2]);
    }

    function measureAt(key) {
        return model.measures.findIndex((measure) => measure.key === key);
    }

    /** Whether a measure says something anywhere. */
    function isMeasured(measure) {
        return model.cells.some((cell) => cell[3][measure] !== null);
    }

    function policyTag(policy) {
        const index = model.policies.indexOf(policy);
        return element("span", {class: "policy", style: `--of: var(${Charts.policyVariable(policy, index)})`}, policy);
    }

    /** A card with heading, caption, what `body` is, and below it the data and the command. */
    function card(heading, caption, body, csv, command) {
        const foot = element("div", {class: "foot"},
            element("button", {type: "button", class: "csv", onclick: () => download(...csv())}, "Data as CSV"),
            command ? element("details", {}, element("summary", {}, "The command that remakes it"), commandBlock(command)) : null);
        return element("section", {class: "card figure"}, element("h2", {}, heading),
            element("p", {class: "caption"}, caption), body, foot);
    }

    function settingColumns(setting) {
        return model.axes.map((axis, i) => axis.values[setting[i]]);
    }

    function figureColumns(figure) {
        if (figure === null) {
            return [0, null, null, null];
        }
        const known = figure.half !== null;
        return [figure.n, figure.mean, known ? figure.mean - figure.half : null, known ? figure.mean + figure.half : null];
    }

    const kFigureHeads = ["n", "mean", "low", "high"];

    // The policies side by side.

    function headlineTable(command) {
        const body = element("div", {class: "scroll"});
        let shown = model.usual;
        const measures = model.measures.map((_, i) => i).filter(isMeasured);
        const update = (setting) => {
            shown = setting;
            const count = (policy) => model.cells[cellIndex(setting, policy)]?.[2];
            const head = model.policies.map((policy, p) => element("th", {scope: "col"}, policyTag(policy),
                element("div", {class: "note"}, count(p) === undefined ? "no run" : `n = ${count(p)}`)));
            const rows = measures.map((measure) => {
                const figures = model.policies.map((_, p) => figureAt(setting, p, measure));
                const most = Math.max(...figures.map((figure) => figure?.mean ?? 0));
                const data = figures.map((figure, p) => {
                    const part = figure && most > 0 ? Math.max(0, figure.mean / most) : 0;
                    const ofPolicy = Charts.policyVariable(model.policies[p], p);
                    return element("td", {class: "bar", style: `--of: var(${ofPolicy}); --part: ${part.toFixed(3)}`},
                        figureText(figure, model.measures[measure].decimals, count(p)));
                });
                return element("tr", {}, element("th", {scope: "row"}, labelOf(model.measures[measure])), data);
            });
            body.replaceChildren(element("table", {class: "headline"},
                element("thead", {}, element("tr", {}, element("th", {}, "mean ± half-width"), head)), element("tbody", {}, rows)));
        };
        const csv = () => [fileName(model.name, "policies"), csvText([
            [...model.axes.map((axis) => axis.path), "policy", "figure", "unit", ...kFigureHeads],
            ...model.policies.flatMap((policy, p) => measures.map((measure) => [...settingColumns(shown), policy,
                model.measures[measure].key, model.measures[measure].unit, ...figureColumns(figureAt(shown, p, measure))]))])];
        const section = card("The policies side by side",
            "Means over the runs and the half-width of their 95 % interval (Student's t). Look for the copies that came over the Internet, and at what the busiest node paid for it.",
            body, csv, command);
        return {section, update};
    }

    // Differences of policies, run for run.

    function pairTable(command) {
        const body = element("div", {class: "scroll"});
        const {pairs, measures, rows} = model.pairs;
        const kept = measures.filter(isMeasured);
        let shown = model.usual;
        const rowAt = (setting) => rows.find((row) => String(row[0]) === String(setting));
        const cellsOf = (setting) => pairs.flatMap(([left, right], i) => {
            const pair = rowAt(setting)?.[1][i];
            return pair ? [{left, right, n: pair[0], figures: pair[1]}] : [];
        });
        const update = (setting) => {
            shown = setting;
            const found = cellsOf(setting);
            if (found.length === 0) {
                const why = model.pairs.only_usual ? "Kept for the first setting of this page only: there are too many." : "No two policies ran here.";
                body.replaceChildren(element("p", {class: "note"}, why));
                return;
            }
            const head = kept.map((measure) => element("th", {scope: "col"}, labelOf(model.measures[measure])));
            const lines = found.map(({left, right, n, figures}) => element("tr", {},
                element("th", {scope: "row"}, policyTag(model.policies[left]), " − ", policyTag(model.policies[right]),
                    element("span", {class: "note"}, ` n = ${n}`)),
                kept.map((measure) => {
                    const figure = readFigure(figures[measures.indexOf(measure)], n);
                    const clear = figure !== null && figure.half !== null && Math.abs(figure.mean) > figure.half;
                    return element("td", {class: clear ? "clear" : ""}, figureText(figure, model.measures[measure].decimals, n));
                })));
            body.replaceChildren(element("table", {class: "pairs"},
                element("thead", {}, element("tr", {}, element("th", {}, "difference"), head)), element("tbody", {}, lines)));
        };
        const csv = () => [fileName(model.name, "differences"), csvText([
            [...model.axes.map((axis) => axis.path), "policy", "minus", "figure", "unit", ...kFigureHeads],
            ...cellsOf(shown).flatMap(({left, right, n, figures}) => measures.map((measure, i) => [...settingColumns(shown),
                model.policies[left], model.policies[right], model.measures[measure].key, model.measures[measure].unit,
                ...figureColumns(readFigure(figures[i], n))]))])];
        const section = card("Differences between policies, run for run",
            "Runs of the same number share what they drew: who asks when. The mean of their differences is known better than the difference of the means. In bold where the 95 % interval leaves 0 out.",
            body, csv, command);
        return {section, update};
    }

    // Any figure against one axis.

    /** Points of one policy along an axis: [x, mean, low, high, n, half]. */
    function pointsAlong(axis, setting, policy, measure) {
        return model.axes[axis].values.flatMap((_, at) => {
            const figure = figureAt(setting.with(axis, at), policy, measure);
            const x = model.axes[axis].numbers[at] ?? at;
            return figure === null ? [] : [[x, ...figureColumns(figure).slice(1), figure.n, figure.half]];
        });
    }

    function isWide(values) {
        return values.every((value) => value > 0) && Math.max(...values) / Math.min(...values) > 30;
    }

    function closedForms(axis, setting, measure) {
        return model.closed_forms.filter((form) => form.measure === measure).map((form) => {
            const bounds = new Map(form.rows.map(([at, ...lowHigh]) => [String(at), lowHigh]));
            const line = (which) => model.axes[axis].values.flatMap((_, at) => {
                const found = bounds.get(String(setting.with(axis, at)));
                return found === undefined ? [] : [[model.axes[axis].numbers[at] ?? at, found[which]]];
            });
            const [low, high] = [line(0), line(1)];
            const isExact = low.every((point, i) => Math.abs(point[1] - high[i][1]) <= 1e-6 * high[i][1]);
            return {name: form.name, policy: form.policy, points: low, lines: isExact ? [low] : [low, high]};
        });
    }

    /** What is said below a chart of a measure: what the dashed lines assume, and what is not drawn. */
    function formNotes(axis, setting, measure) {
        const drawn = closedForms(axis, setting, measure).filter(({points}) => points.length > 0).map(({name}) => name);
        const names = new Map();
        for (const {name, assumes} of model.closed_forms.filter((form) => form.measure === measure && drawn.includes(form.name))) {
            names.set(assumes, [...(names.get(assumes) ?? []), name]);
        }
        const says = [...names].map(([assumes, of]) => `Dashed, without marks: ${of.join("; ")}, if ${assumes}.`);
        return [...says, ...model.no_closed_form.filter(([of]) => of === measure).map(([, why]) => why)].join(" ");
    }

    function axisOptions(axis, setting, measure) {
        const {values, numbers} = model.axes[axis];
        const name = labelOf(model.axes[axis]);
        const unit = model.measures[measure];
        const lines = model.policies.map((policy, p) => ({policy, p, points: pointsAlong(axis, setting, p, measure)}))
            .filter(({points}) => points.length > 0);
        const forms = closedForms(axis, setting, measure).filter(({points}) => points.length > 0);
        const means = [...lines, ...forms].flatMap(({points}) => points.map((point) => point[1]));
        const isNumeric = numbers.length > 0;
        const options = Charts.base();
        options.xAxis = Charts.axis({
            name,
            nameGap: 28,
            type: !isNumeric ? "category" : isWide(numbers) ? "log" : "value",
            data: isNumeric ? undefined : values,
            ...(isNumeric ? {} : {axisLabel: {color: Charts.color("--soft"), interval: values.length > 8 ? "auto" : 0, fontSize: 11}}),
            scale: true,
            min: isNumeric && isWide(numbers) ? "dataMin" : undefined,
            max: isNumeric && isWide(numbers) ? "dataMax" : undefined,
            splitLine: {show: false},
        });
        const plain = forms.filter((form) => form.policy === null);
        options.legend.data = [...lines.map(({policy}) => policy), ...plain.map((form) => form.name)];
        options.grid.top += plain.length > 0 ? 14 : 0; // a legend of two lines on a phone
        const isLog = means.length > 0 && isWide(means);
        options.yAxis = Charts.upAxis(labelOf(unit) + (isLog ? " (log scale)" : ""), {
            type: isLog ? "log" : "value",
            min: isLog ? undefined : ({min, max}) => (min < 0 && min > -0.05 * max ? 0 : null),
        });
        options.tooltip.trigger = "item";
        options.tooltip.formatter = ({seriesName, data}) => data.length < 5
            ? `${escaped(seriesName)}<br>${brief(data[1])}`
            : `<b>${escaped(seriesName)}</b>, ${escaped(name)} ${escaped(isNumeric ? data[0] : values[data[0]])}<br>` +
              `${figureText({mean: data[1], half: data[5], n: data[4]}, unit.decimals, data[4])} (n = ${data[4]})`;
        options.series = lines.flatMap(({policy, p, points}) => {
            const style = Charts.lineStyle(policy, p);
            const bars = points.map((point) => isLog && point[2] !== null && point[2] <= 0 ? point.with(2, point[1] / 10) : point);
            return [{type: "line", name: policy, data: points, ...style}, Charts.errorBars(policy, bars, style.color)];
        });
        options.series.push(...forms.flatMap((form) => form.lines.map((data) => {
            const color = form.policy === null ? Charts.color("--ink") : Charts.lineStyle(model.policies[form.policy], form.policy).color;
            const width = form.policy === null ? 1.5 : 1;
            return {type: "line", name: form.name, data, symbol: "none", color, lineStyle: {color, width, type: [4, 4]}};
        })));
        return options;
    }

    /** Two charts of figures that can be chosen, against one axis. */
    function axisFigure(axis, keys, heading, caption, command) {
        const charts = keys.map((key) => ({
            measure: measureAt(key),
            container: element("div", {class: "chart", role: "img"}),
            empty: element("p", {class: "empty"}),
            note: element("p", {class: "note forms"}),
        }));
        let shown = model.usual;
        const update = (setting) => {
            shown = setting;
            for (const {measure, container, empty, note} of charts) {
                const any = model.policies.some((_, p) => pointsAlong(axis, setting, p, measure).length > 0);
                container.style.display = any ? "" : "none";
                empty.style.display = any ? "none" : "block";
                const isNothing = model.policies.every((_, p) => model.axes[axis].values.every((_v, at) => cellIndex(setting.with(axis, at), p) === undefined));
                note.replaceChildren(any ? formNotes(axis, setting, measure) : "");
                empty.replaceChildren(isNothing ? "No run along this axis with the other values chosen above." : "Nothing of this was measured.");
                if (any) {
                    const name = labelOf(model.measures[measure]);
                    container.setAttribute("aria-label", `${name} by ${model.axes[axis].label}, by policy`);
                    Charts.draw(container, () => axisOptions(axis, shown, measure));
                }
            }
        };
        const options = model.measures.map((measure, i) => [i, labelOf(measure)]).filter(([i]) => isMeasured(i));
        const body = element("div", {class: "pair"}, charts.map((chart) => element("div", {},
            choice("Show", options, chart.measure, (value) => {
                chart.measure = Number(value);
                update(shown);
            }), chart.container, chart.empty, chart.note)));
        const csv = () => [fileName(model.name, model.axes[axis].path), csvText([
            [...model.axes.map((one) => one.path), "policy", "figure", "unit", ...kFigureHeads],
            ...charts.flatMap(({measure}) => model.policies.flatMap((policy, p) => model.axes[axis].values.map((_, at) => {
                const setting = shown.with(axis, at);
                return [...settingColumns(setting), policy, model.measures[measure].key, model.measures[measure].unit,
                    ...figureColumns(figureAt(setting, p, measure))];
            }))),
            ...charts.flatMap(({measure}) => model.closed_forms.filter((form) => form.measure === measure).flatMap((form) =>
                form.rows.map(([at, low, high]) => [...settingColumns(at), form.name, model.measures[measure].key,
                    model.measures[measure].unit, "", low === high ? low : "", low, high])))])];
        return {section: card(heading, caption, body, csv, command), update};
    }

    // Curves over the nodes.

    function curvesAt(setting, kind) {
        return model.policies.flatMap((policy, p) => {
            const index = cellIndex(setting, p);
            const curve = index === undefined ? null : model.curves[kind][index];
            return curve ? [{policy, p, n: model.cells[index][2], means: curve[0], halves: curve[1] ?? []}] : [];
        });
    }

    function curveOptions(kind, setting) {
        const {shares, unit} = model.curves;
        const isLoad = kind === "load";
        const options = Charts.base();
        const curves = curvesAt(setting, kind).filter(({means}) => !isLoad || means.some((mean) => mean > 0));
        const times = curves.flatMap(({means}) => means.filter((mean) => mean !== null && mean > 0));
        const isLog = !isLoad && times.length > 0 && Math.max(...times) / Math.min(...times) > 200;
        const share = {min: 0, max: 100, axisLabel: {color: Charts.color("--soft"), formatter: "{value} %"}};
        if (isLoad) {
            options.xAxis = Charts.axis({name: "nodes, the busiest first", nameGap: 28, type: "value", splitLine: {show: false}, ...share});
            options.yAxis = Charts.upAxis(`served to others, ${unit}`, {type: "value"});
        } else {
            options.xAxis = Charts.axis({name: isLog ? "seconds after it asked first (log scale)" : "seconds after it asked first",
                nameGap: 28, type: isLog ? "log" : "value", axisLabel: {color: Charts.color("--soft"), formatter: brief, hideOverlap: true}});
            options.yAxis = Charts.upAxis("nodes that have all of it", {type: "value", ...share});
        }
        options.tooltip.trigger = "item";
        options.tooltip.formatter = ({seriesName, data}) => {
            const [x, y, half, n] = data;
            const figure = `${brief(isLoad ? y : x)}${half === null ? "" : ` ± ${brief(half)}`} ${isLoad ? unit : "s"} (n = ${n})`;
            return `<b>${escaped(seriesName)}</b>, ${isLoad ? x : y} % of the nodes<br>${escaped(figure)}`;
        };
        options.series = curves.map(({policy, p, n, means, halves}) => ({
            type: "line",
            name: policy,
            ...Charts.lineStyle(policy, p),
            symbolSize: 5,
            showAllSymbol: false,
            data: shares.flatMap((percent, i) => {
                const [mean, half] = [means[i], halves[i] ?? null];
                const shown = mean !== null && !(isLog && mean <= 0);
                return shown ? [isLoad ? [percent, mean, half, n] : [mean, percent, half, n]] : [];
            }),
        }));
        return options;
    }

    function curveFigure(kind, heading, caption, command) {
        const container = element("div", {class: "chart", role: "img", "aria-label": heading});
        const empty = element("p", {class: "empty"});
        const beside = element("p", {class: "note"});
        let shown = model.usual;
        const update = (setting) => {
            shown = setting;
            const any = curvesAt(setting, kind).length > 0;
            container.style.display = any ? "" : "none";
            empty.style.display = any ? "none" : "block";
            empty.replaceChildren(model.curves.only_usual ? "Kept for the first setting of this page only: there are too many." : "No run here, or none that came so far.");
            if (any) {
                Charts.draw(container, () => curveOptions(kind, shown));
            }
            if (kind === "load") {
                const jain = measureAt("served.jain");
                const texts = model.policies.flatMap((policy, p) => {
                    const figure = figureAt(setting, p, jain);
                    return figure === null ? [] : [`${policy} ${figureText(figure, 3, figure.n)}`];
                });
                beside.replaceChildren(texts.length > 0 ? `Jain's index (1: all serve the same; 1/n: one serves all): ${texts.join(", ")}` : "");
            }
        };
        const csv = () => [fileName(model.name, kind), csvText([
            [...model.axes.map((axis) => axis.path), "policy", "percent_of_nodes", "unit", ...kFigureHeads],
            ...curvesAt(shown, kind).flatMap(({policy, n, means, halves}) => model.curves.shares.map((share, i) => [...settingColumns(shown),
                policy, share, kind === "load" ? model.curves.unit : "s",
                ...figureColumns(means[i] === null ? null : {mean: means[i], half: halves[i] ?? null, n})]))])];
        return {section: card(heading, caption, [container, empty, beside], csv, command), update};
    }

    // Who got it from whom.

    function treeData(tree, resource) {
        const children = new Map();
        tree.from.forEach((from, node) => {
            if (from !== null) {
                children.set(from, [...(children.get(from) ?? []), node]);
            }
        });
        const branch = (node) => {
            const below = (children.get(node) ?? []).map(branch);
            const depth = node >= 0 ? tree.depth[node] : 0;
            return {name: node === -1 ? "Internet" : node === -2 ? "proxy" : String(node), value: [depth, below.length, node >= 0 ? tree.at[node] : 0], children: below};
        };
        const roots = [-1, -2].filter((root) => children.has(root)).map(branch);
        roots.push(...(children.get(-3) ?? []).map(branch));
        return roots.length === 1 ? roots[0] : {name: resource, value: [0, roots.length, 0], children: roots};
    }

    function treeOptions(run, resource, isRadial) {
        const depthColors = ["--ink", "--internet", "--peer", "--held", "--asking"].map(Charts.color);
        const dress = (branch) => ({
            ...branch,
            symbolSize: 7 + 3 * Math.sqrt(branch.value[1]),
            itemStyle: {color: depthColors[Math.min(branch.value[0], depthColors.length - 1)], borderWidth: 0},
            children: branch.children.map(dress),
        });
        const options = Charts.base();
        options.tooltip.formatter = ({data}) => `<b>${escaped(data.name)}</b><br>depth ${data.value[0]}, gave ${data.value[1]} copies` +
            (data.value[2] > 0 ? `<br>had it at ${brief(data.value[2])} s` : "");
        options.series = [{
            type: "tree",
            data: [dress(treeData(run.trees[resource], run.resources[resource].name))],
            layout: isRadial ? "radial" : "orthogonal",
            orient: "LR",
            left: isRadial ? 20 : 80, right: isRadial ? 20 : 40, top: 14, bottom: 14,
            symbol: "circle",
            initialTreeDepth: -1,
            expandAndCollapse: false,
            roam: false,
            label: {color: Charts.color("--ink"), fontSize: 11, position: isRadial ? undefined : "left", verticalAlign: "middle", align: isRadial ? undefined : "right", distance: 7},
            leaves: {label: isRadial ? {} : {position: "right", align: "left"}},
            lineStyle: {color: Charts.color("--soft"), opacity: 0.55, width: 1.2, curveness: 0.5},
        }];
        return options;
    }

    function treeFigure() {
        const runs = model.replays.runs;
        const weights = runs[0].resources.map(({bytes}, i) => [runs[0].trees[i].from.some((from) => from !== null), bytes]);
        const largest = weights.reduce((best, [isThere, bytes], i) => isThere && (best < 0 || bytes > weights[best][1]) ? i : best, -1);
        const chosen = {run: runs.length - 1, resource: Math.max(0, largest)};
        const container = element("div", {class: "chart tree", role: "img", "aria-label": "Distribution tree"});
        const summary = element("p", {class: "note"});
        const show = () => {
            const run = runs[chosen.run];
            const tree = run.trees[chosen.resource];
            const isRadial = run.nodes > 60;
            const roots = tree.from.filter((from) => from === -1).length;
            const leaves = tree.from.filter((from, node) => from !== null && !tree.from.includes(node)).length;
            container.style.height = isRadial ? "620px" : `${Math.max(260, 40 + 15 * leaves)}px`;
            summary.replaceChildren(tree.max_depth === null ? "Nobody received it." :
                `${roots} from the Internet; the farthest copy is ${tree.max_depth} away from it, ${brief(tree.mean_depth)} in the mean; who gave most gave ${tree.served_most}.`);
            Charts.draw(container, () => treeOptions(runs[chosen.run], chosen.resource, isRadial));
        };
        const tools = element("div", {class: "tools"},
            choice("Policy", runs.map((run, i) => [i, run.policy]), chosen.run, (value) => { chosen.run = Number(value); show(); }),
            choice("Resource", runs[0].resources.map((resource, i) => [i, resource.name]), chosen.resource, (value) => { chosen.resource = Number(value); show(); }));
        const csv = () => [fileName(model.name, "tree", runs[chosen.run].policy), csvText([["node", "from", "at_s", "depth"],
            ...runs[chosen.run].trees[chosen.resource].from.map((from, node) => [node, {"-1": "internet", "-2": "proxy", "-3": "held"}[from] ?? from,
                runs[chosen.run].trees[chosen.resource].at[node], runs[chosen.run].trees[chosen.resource].depth[node]])])];
        const where = model.replays.setting ? ` (${model.replays.setting})` : "";
        const section = card("Who got it from whom",
            `One run${where}: each line is a transfer of a whole copy. Look for how few lines leave the Internet, and how long the chains are.`,
            [tools, summary, container], csv, runs[chosen.run].command);
        return {section, update: (() => { let done = false; return () => { if (!done) { done = true; show(); } }; })()};
    }

    return {axisFigure, card, curveFigure, headlineTable, isMeasured, measureAt, pairTable, policyTag, treeFigure, use};
})();
