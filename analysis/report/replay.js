// One run in time: the nodes on a circle around the Internet, who asks, who holds, who sends to
// whom; below it the uplink, with a cursor.

const Replay = (() => {
    const kCentre = 320;
    const kRing = 262;
    const kTicks = 1000; // of the slider
    const kSeconds = 30; // that a replay lasts about, at the speed that is chosen first
    const kSpeeds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 20000, 100000];
    const kLoadWidth = 600;
    const kLoadHeight = 110;

    /** What the state at any instant is made of: for each node, when it had which resource. */
    function prepare(run) {
        const gained = Array.from({length: run.nodes}, () => []);
        const first = new Set();
        for (const [node, resource] of run.held) {
            gained[node].push({at: 0, from: -3});
            first.add(`${node}/${resource}`);
        }
        const transfers = run.transfers.map(([begun, ended, from, to, resource, bytes, whole]) => ({begun, ended, from, to, resource, bytes, whole}));
        for (const {ended, from, to, resource, whole} of [...transfers].sort((a, b) => a.ended - b.ended)) {
            if (whole && to >= 0 && !first.has(`${to}/${resource}`)) {
                first.add(`${to}/${resource}`);
                gained[to].push({at: ended, from});
            }
        }
        const asks = run.asks.map(([at, node, resource, ended, end]) => ({at, node, resource, ended: ended ?? Infinity, end}));
        const wanted = Array.from({length: run.nodes}, () => 0);
        const seen = new Set();
        for (const {node, resource} of asks) {
            wanted[node] += seen.has(`${node}/${resource}`) ? 0 : 1;
            seen.add(`${node}/${resource}`);
        }
        return {run, gained, transfers, asks, wanted, resources: run.resources.length};
    }

    function stateAt(course, t) {
        const asking = new Set();
        for (const ask of course.asks) {
            if (ask.at > t) {
                break; // in the order of time
            }
            if (t < ask.ended) {
                asking.add(ask.node);
            }
        }
        const flows = course.transfers.filter(({begun, ended}) => begun <= t && t < ended);
        const held = course.gained.map((gains) => gains.filter(({at}) => at <= t));
        const full = held.filter((gains) => gains.length === course.resources).length;
        return {asking, flows, held, full};
    }

    function placeOf(course, node) {
        if (node === -1) {
            return [kCentre, kCentre];
        }
        if (node === -2) {
            return [kCentre, kCentre + 80];
        }
        const angle = (node / course.run.nodes) * 2 * Math.PI - Math.PI / 2;
        return [kCentre + kRing * Math.cos(angle), kCentre + kRing * Math.sin(angle)];
    }

    /** A curve between two places, bent towards the middle but past the Internet. */
    function curveOf(course, {from, to}) {
        const [[x0, y0], [x2, y2]] = [placeOf(course, from), placeOf(course, to)];
        const isStraight = from < 0 || to < 0;
        const bend = isStraight ? 0 : 0.45;
        const [mx, my] = [(x0 + x2) / 2, (y0 + y2) / 2];
        const [x1, y1] = [mx + (kCentre - mx) * bend, my + (kCentre - my) * bend];
        const at = (part) => {
            const rest = 1 - part;
            return [rest * rest * x0 + 2 * rest * part * x1 + part * part * x2, rest * rest * y0 + 2 * rest * part * y1 + part * part * y2];
        };
        return {path: `M${x0.toFixed(1)} ${y0.toFixed(1)}Q${x1.toFixed(1)} ${y1.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`, at};
    }

    class Stage {
        constructor() {
            this.flows = svgElement("g");
            this.nodes = svgElement("g");
            this.hub = svgElement("circle", {class: "hub quiet", cx: kCentre, cy: kCentre, r: 46});
            this.svg = svgElement("svg", {viewBox: "0 0 640 640", class: "stage", role: "img", "aria-label": "The nodes of the LAN around the Internet"},
                this.flows, this.hub, svgElement("text", {class: "hubtext", x: kCentre, y: kCentre}), this.nodes);
            this.svg.querySelector(".hubtext").textContent = "Internet";
        }

        show(course) {
            const count = course.run.nodes;
            this.radius = Math.max(2.5, Math.min(17, (Math.PI * kRing / count) * 0.78));
            this.marks = Array.from({length: count}, (_, node) => {
                const [cx, cy] = placeOf(course, node).map((value) => value.toFixed(1));
                const base = svgElement("circle", {class: "node", cx, cy, r: this.radius.toFixed(1)});
                const share = svgElement("circle", {class: "share", cx, cy, r: 0});
                return {base, share, state: ""};
            });
            const numbers = [];
            for (let node = 0, step = Math.max(1, Math.ceil(count / 60)); node < count; node += step) {
                const [x, y] = placeOf(course, node);
                const far = 1 + (this.radius + 14) / kRing;
                const text = svgElement("text", {class: "number", x: (kCentre + (x - kCentre) * far).toFixed(1), y: (kCentre + (y - kCentre) * far).toFixed(1)});
                text.textContent = node;
                numbers.push(text);
            }
            this.nodes.replaceChildren(...this.marks.flatMap(({base, share}) => [base, share]), ...numbers);
        }

        /** What ended less than `linger` seconds ago fades. */
        draw(course, t, state, linger) {
            this.marks.forEach((mark, node) => {
                const gains = state.held[node];
                const part = course.resources === 0 ? 0 : gains.length / course.resources;
                const from = gains.some((gain) => gain.from === -1) ? "internet" : gains.length > 0 && gains.every((gain) => gain.from === -3) ? "held" : "";
                const isAsking = state.asking.has(node);
                const text = `${part}/${from}/${isAsking}`;
                if (text !== mark.state) {
                    mark.state = text;
                    mark.base.setAttribute("class", isAsking ? "node asking" : "node");
                    mark.share.setAttribute("class", `share ${from}`);
                    mark.share.setAttribute("r", (this.radius * Math.sqrt(part) * 0.86).toFixed(1));
                }
            });
            const drawn = course.transfers.filter(({begun, ended}) => begun <= t && t < ended + linger);
            this.hub.setAttribute("class", drawn.some(({from, ended}) => from === -1 && t < ended) ? "hub" : "hub quiet");
            this.flows.replaceChildren(...drawn.flatMap((transfer) => {
                const curve = curveOf(course, transfer);
                const kind = transfer.from === -1 ? "internet" : "";
                const isRunning = t < transfer.ended;
                const opacity = isRunning ? 1 : Math.max(0.08, 0.7 * (1 - (t - transfer.ended) / linger));
                const line = svgElement("path", {class: `flow ${kind}`, d: curve.path, opacity: opacity.toFixed(2)});
                const part = isRunning ? (t - transfer.begun) / (transfer.ended - transfer.begun) : 1;
                return [line, this.arrow(curve, part, kind, opacity)];
            }));
        }

        /** An arrowhead that is as far along the curve as the transfer is. */
        arrow(curve, part, kind, opacity) {
            const far = 0.12 + 0.74 * Math.min(1, part);
            const [[x, y], [bx, by]] = [curve.at(far), curve.at(far - 0.02)];
            const angle = Math.atan2(y - by, x - bx) * 180 / Math.PI;
            return svgElement("path", {class: `head ${kind}`, d: "M10 0L-7 7L-4 0L-7 -7Z", opacity: opacity.toFixed(2),
                transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${angle.toFixed(0)})`});
        }
    }

    class UplinkChart {
        constructor(seek) {
            this.area = svgElement("path", {class: "load"});
            this.cursor = svgElement("line", {class: "cursor", y1: 0, y2: kLoadHeight});
            this.most = svgElement("text", {class: "axis", x: 4, y: 12});
            this.last = svgElement("text", {class: "axis", x: kLoadWidth - 2, y: kLoadHeight + 15, "text-anchor": "end"});
            this.svg = svgElement("svg", {viewBox: `0 0 ${kLoadWidth} ${kLoadHeight + 20}`, class: "uplink", role: "img", "aria-label": "Load of the uplink over time"},
                svgElement("line", {x1: 0, x2: kLoadWidth, y1: kLoadHeight, y2: kLoadHeight, stroke: "var(--line)"}),
                this.area, this.cursor, this.most, this.last);
            this.svg.addEventListener("pointerdown", (event) => {
                const box = this.svg.getBoundingClientRect();
                seek(Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)));
            });
        }

        show({run}) {
            const {kbps} = run.uplink;
            const most = Math.max(...kbps, 1);
            const width = kLoadWidth / kbps.length;
            const points = kbps.map((value, i) => {
                const y = (kLoadHeight - (value / most) * (kLoadHeight - 18)).toFixed(1);
                return `L${(i * width).toFixed(1)} ${y}L${((i + 1) * width).toFixed(1)} ${y}`;
            });
            this.area.setAttribute("d", `M0 ${kLoadHeight}${points.join("")}L${kLoadWidth} ${kLoadHeight}Z`);
            this.most.textContent = `from the Internet, at most ${brief(most)} kb/s`;
            this.last.textContent = `${run.end_s.toFixed(1)} s`;
        }

        draw(part) {
            const x = (part * kLoadWidth).toFixed(1);
            this.cursor.setAttribute("x1", x);
            this.cursor.setAttribute("x2", x);
        }
    }

    function speedFor(run) {
        return kSpeeds.find((speed) => run.end_s / speed <= kSeconds) ?? kSpeeds[kSpeeds.length - 1];
    }

    function plural(count, word) {
        return `${count} ${word}${count === 1 ? "" : "s"}`;
    }

    class Player {
        constructor(model) {
            this.courses = model.replays.runs.map(prepare);
            this.stage = new Stage();
            this.uplink = new UplinkChart((part) => this.seek(part * this.course.run.end_s));
            this.slider = element("input", {type: "range", min: 0, max: kTicks, value: 0, "aria-label": "Time", oninput: () => {
                this.pause();
                this.seek((Number(this.slider.value) / kTicks) * this.course.run.end_s);
            }});
            this.button = element("button", {type: "button", class: "play", onclick: () => this.toggle()}, "▶ Play");
            this.clock = element("output", {class: "clock"});
            this.counts = element("output", {class: "counts"});
            this.speeds = choice("Speed", kSpeeds.map((speed) => [speed, `${speed} ×`]), 1, (value) => { this.speed = Number(value); });
            this.command = element("div", {});
        }

        element() {
            const legend = [["--held", "", "held it at the start"], ["--internet", "", "has some of it from the Internet"], ["--peer", "", "has it from peers"],
                ["--asking", "ring", "asks"], ["--internet", "arrow", "from the Internet"], ["--peer", "arrow", "between peers"]];
            const policies = choice("Policy", this.courses.map(({run}, i) => [i, run.policy]), this.courses.length - 1, (value) => this.choose(Number(value)));
            const side = element("div", {}, this.clock, this.counts,
                element("div", {class: "controls"}, this.button, this.slider),
                element("div", {class: "tools"}, policies, this.speeds), this.uplink.svg,
                element("ul", {class: "legend"}, legend.map(([color, kind, text]) => element("li", {}, element("i", {class: kind, style: `--of: var(${color})`}), text))),
                element("p", {class: "note"}, "A disc grows with what a node holds. Keys: space plays and pauses, left and right move in time."));
            const whole = element("div", {class: "replay", id: "replay", tabindex: 0, role: "group", "aria-label": "Replay", onkeydown: (event) => this.key(event)}, element("div", {}, this.stage.svg), side);
            this.choose(this.courses.length - 1);
            return whole;
        }

        csv(name) {
            const {run, transfers} = this.course;
            const place = (index) => ({"-1": "internet", "-2": "proxy"}[index] ?? index);
            return [fileName(name, "transfers", run.policy), csvText([["begun_s", "ended_s", "from", "to", "resource", "bytes", "whole"],
                ...transfers.map(({begun, ended, from, to, resource, bytes, whole}) => [begun, ended, place(from), place(to), run.resources[resource].name, bytes, whole])])];
        }

        choose(index) {
            this.pause();
            this.course = this.courses[index];
            this.speed = speedFor(this.course.run);
            this.speeds.querySelector("select").value = String(this.speed);
            this.stage.show(this.course);
            this.uplink.show(this.course);
            this.command.replaceChildren(...commandBlock(this.course.run.command));
            this.seek(0);
        }

        seek(t) {
            const end = this.course.run.end_s;
            this.t = Math.max(0, Math.min(end, t));
            const state = stateAt(this.course, this.t);
            this.stage.draw(this.course, this.t, state, this.speed * 0.35);
            const part = end > 0 ? this.t / end : 0;
            this.slider.value = Math.round(part * kTicks);
            this.uplink.draw(part);
            const digits = end < 10 ? 2 : 1;
            this.clock.textContent = `${this.t.toFixed(digits)} s`;
            const fromInternet = state.flows.filter(({from}) => from === -1).length;
            const text = `${state.full} of ${plural(this.course.run.nodes, "node")} hold everything; ${state.asking.size} ${state.asking.size === 1 ? "asks" : "ask"}; ` +
                `${plural(state.flows.length - fromInternet, "transfer")} between peers, ${fromInternet} from the Internet`;
            this.counts.textContent = text;
            this.slider.setAttribute("aria-valuetext", `${this.clock.textContent}: ${text}`);
        }

        toggle() {
            if (this.frame) {
                this.pause();
                return;
            }
            if (this.t >= this.course.run.end_s) {
                this.seek(0);
            }
            this.button.textContent = "❚❚ Pause";
            let before = performance.now();
            const step = (now) => {
                this.seek(this.t + ((now - before) / 1000) * this.speed);
                before = now;
                this.frame = this.t < this.course.run.end_s ? requestAnimationFrame(step) : this.pause();
            };
            this.frame = requestAnimationFrame(step);
        }

        pause() {
            cancelAnimationFrame(this.frame);
            this.frame = 0;
            this.button.textContent = "▶ Play";
            return 0;
        }

        key(event) {
            const isOwn = event.target instanceof HTMLSelectElement || (event.target instanceof HTMLButtonElement && event.key === " ");
            const steps = {ArrowLeft: -1, ArrowRight: 1, Home: -100, End: 100};
            if (isOwn || event.target === this.slider && event.key !== " ") {
                return;
            }
            if (event.key === " ") {
                this.toggle();
            } else if (event.key in steps) {
                this.pause();
                this.seek(this.t + (steps[event.key] / 100) * this.course.run.end_s);
            } else {
                return;
            }
            event.preventDefault();
        }
    }

    return {Player};
})();
