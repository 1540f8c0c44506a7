// What all charts share: colours, marks and axes, and that they are drawn anew when the colour
// scheme or their size changes.

const Charts = (() => {
    const kMarks = {
        direct: ["rect", [2, 4]],
        proxy: ["arrow", [10, 3]],
        fig4a: ["triangle", [7, 4]],
        fig4b: ["diamond", [9, 3, 2, 3]],
        robust: ["circle", "solid"],
        coop: ["pin", [4, 2]],
    };
    const kOthers = ["--accent", "--asking", "--warn", "--held"];
    const drawn = new Map();

    function color(name) {
        return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    }

    function policyVariable(policy, index) {
        return Object.hasOwn(kMarks, policy) ? `--policy-${policy}` : kOthers[index % kOthers.length];
    }

    /** How the line of a policy looks: colour, dash and mark, so that none of them is needed alone. */
    function lineStyle(policy, index) {
        const [symbol, dash] = kMarks[policy] ?? ["roundRect", [3, 3]];
        const ofPolicy = color(policyVariable(policy, index));
        return {
            symbol,
            symbolSize: 8,
            color: ofPolicy,
            lineStyle: {color: ofPolicy, width: 2.2, type: dash},
            itemStyle: {color: ofPolicy},
        };
    }

    function base() {
        const soft = color("--soft");
        return {
            animation: false,
            backgroundColor: "transparent",
            textStyle: {color: color("--ink"), fontFamily: "inherit"},
            grid: {left: 8, right: 18, top: 62, bottom: 30, containLabel: true},
            legend: {top: 0, left: 0, itemWidth: 34, itemGap: 14, textStyle: {color: soft}},
            tooltip: {
                confine: true,
                backgroundColor: color("--card"),
                borderColor: color("--line"),
                textStyle: {color: color("--ink"), fontSize: 13},
            },
        };
    }

    function axis(options) {
        return {
            nameLocation: "middle",
            nameTextStyle: {color: color("--soft")},
            axisLine: {show: true, lineStyle: {color: color("--line")}},
            axisTick: {lineStyle: {color: color("--line")}},
            axisLabel: {color: color("--soft"), hideOverlap: true},
            splitLine: {lineStyle: {color: color("--faint")}},
            ...options,
        };
    }

    /** A vertical axis, its name above. */
    function upAxis(name, options) {
        return axis({
            name,
            nameLocation: "end",
            nameTextStyle: {color: color("--soft"), align: "left", padding: [0, 0, 0, -30]},
            axisLabel: {color: color("--soft"), formatter: brief},
            ...options,
        });
    }

    /** Error bars of points [x, mean, low, high]. */
    function errorBars(name, points, ofPolicy) {
        return {
            type: "custom",
            name,
            silent: true,
            z: 3,
            tooltip: {show: false},
            data: points.filter((point) => point[2] !== null),
            encode: {x: 0, y: [1, 2, 3]},
            renderItem: (parameters, api) => {
                const [x, low] = api.coord([api.value(0), api.value(2)]);
                const high = api.coord([api.value(0), api.value(3)])[1];
                const line = (x1, y1, x2, y2) => ({
                    type: "line",
                    shape: {x1, y1, x2, y2},
                    style: {stroke: ofPolicy, lineWidth: 1.6},
                });
                const children = [line(x, low, x, high), line(x - 5, low, x + 5, low), line(x - 5, high, x + 5, high)];
                return {type: "group", children};
            },
        };
    }

    const waiting = new Set();

    function drawNow(container) {
        const entry = drawn.get(container);
        if (!entry.chart) {
            entry.chart = echarts.init(container, null, {renderer: "svg"});
            new ResizeObserver(() => entry.chart.resize()).observe(container);
        }
        entry.chart.resize();
        entry.chart.setOption(entry.options(), {notMerge: true});
    }

    const near = new Set();
    let isBusy = false;

    /** One after the other, so that the page can be used meanwhile; what is far away waits for its time. */
    function drawWaiting() {
        const container = [...waiting].find((one) => near.has(one));
        isBusy = container !== undefined;
        if (isBusy) {
            waiting.delete(container);
            drawNow(container);
            setTimeout(drawWaiting);
        }
    }

    function drawSoon() {
        if (!isBusy) {
            isBusy = true;
            setTimeout(drawWaiting);
        }
    }

    // Half a window ahead of what is seen.
    const watcher = new IntersectionObserver((entries) => {
        for (const {target, isIntersecting} of entries) {
            isIntersecting ? near.add(target) : near.delete(target);
        }
        drawSoon();
    }, {rootMargin: "50% 0px"});

    /** Draws what `options()` gives into a container, soon after it comes near, and again whenever colours change. */
    function draw(container, options) {
        if (!drawn.has(container)) {
            watcher.observe(container);
        }
        drawn.set(container, {chart: drawn.get(container)?.chart, options});
        waiting.add(container);
        drawSoon();
    }

    // On paper all of it is seen.
    addEventListener("beforeprint", () => {
        for (const container of [...waiting].filter((one) => one.style.display !== "none")) {
            waiting.delete(container);
            drawNow(container);
        }
    });

    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        for (const [container, {options}] of drawn) {
            draw(container, options);
        }
    });

    return {axis, base, color, draw, errorBars, lineStyle, policyVariable, upAxis};
})();
