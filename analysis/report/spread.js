// How many nodes hold everything at what time, in the runs that are replayed, and what a Markov
// chain expects.

const Spread = (() => {
    /** [[seconds, nodes]...], each instant at which it grew. */
    function stepsOf(run) {
        const whole = Array.from({length: run.nodes}, (_, node) => run.trees.map((tree) => tree.at[node]))
            .filter((times) => times.length > 0 && !times.includes(null)).map((times) => Math.max(...times)).sort((a, b) => a - b);
        return [[0, 0], ...whole.map((at, i) => [at, i + 1]), [run.end_s, whole.length]];
    }

    function options(model) {
        const made = Charts.base();
        const {runs, spread} = model.replays;
        made.xAxis = Charts.axis({name: "seconds", nameGap: 28, type: "value", splitLine: {show: false}});
        made.yAxis = Charts.upAxis("nodes that hold everything", {type: "value", minInterval: 1});
        made.tooltip.trigger = "item";
        made.tooltip.formatter = ({seriesName, data}) => `<b>${escaped(seriesName)}</b><br>${brief(data[1])} nodes at ${brief(data[0])} s`;
        made.series = runs.map((run) => {
            const style = Charts.lineStyle(run.policy, model.policies.indexOf(run.policy));
            return {type: "line", name: run.policy, step: "end", ...style, symbolSize: 4, data: stepsOf(run)};
        });
        if (spread.points) {
            const color = Charts.color("--ink");
            made.series.push({type: "line", name: "expected, Markov chain", data: spread.points, symbol: "none", color, lineStyle: {color, width: 1.5, type: [4, 4]}});
        }
        return made;
    }

    function figure(model) {
        const {runs, spread, setting} = model.replays;
        const container = element("div", {class: "chart", role: "img", "aria-label": "How the copies spread"});
        const says = spread.points ? `Dashed, without marks: the mean of a Markov chain in which ${spread.assumes}.` : spread.none;
        const csv = () => [fileName(model.name, "spread"), csvText([["of", "at_s", "nodes_that_hold_everything"],
            ...runs.flatMap((run) => stepsOf(run).map(([at, nodes]) => [run.policy, at, nodes])),
            ...(spread.points ?? []).map(([at, nodes]) => ["expected", at, nodes])])];
        const section = Figures.card("How the copies spread", `One run of each policy${setting ? ` (${setting})` : ""}: how many nodes hold everything at what time. Look for how soon after its start a line grows as fast as nodes come.`,
            [container, element("p", {class: "note"}, says)], csv, runs[runs.length - 1].command);
        let isDrawn = false;
        return {section, update: () => {
            if (!isDrawn) {
                isDrawn = true;
                Charts.draw(container, () => options(model));
            }
        }};
    }

    return {figure};
})();
