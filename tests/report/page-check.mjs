#!/usr/bin/env node
// Opens a report in Chromium as somebody would, from the disk, and looks at what is there:
//
//   page-check.mjs full|hostile|failed|one PAGE.html ...
//
// Exit 1, with a line for each thing that is wrong.

import {resolve} from "node:path";
import {pathToFileURL} from "node:url";
import {Browser} from "./browser.mjs";

const wanted = process.argv.slice(2);
const wrong = [];

function expect(claim, text) {
    if (!claim) {
        wrong.push(text);
    }
}

/** What a chart shows: its size, and how much is drawn. */
const kCharts = `[...document.querySelectorAll(".chart")].filter((chart) => chart.style.display !== "none").map((chart) => {
    const svg = chart.querySelector("svg");
    const box = svg?.getBoundingClientRect();
    return {name: chart.getAttribute("aria-label"), width: box?.width ?? 0, height: box?.height ?? 0,
        marks: svg?.querySelectorAll("path").length ?? 0, texts: [...(svg?.querySelectorAll("text") ?? [])].map((text) => text.textContent)};
})`;

async function checkQuiet(browser, url) {
    for (const {method, params} of browser.events) {
        if (method === "Runtime.exceptionThrown") {
            wrong.push(`an exception: ${params.exceptionDetails.exception?.description ?? params.exceptionDetails.text}`);
        } else if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type)) {
            wrong.push(`the console: ${params.args.map((argument) => argument.value ?? argument.description).join(" ")}`);
        } else if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level)) {
            wrong.push(`the log: ${params.entry.text}`);
        } else if (method === "Network.requestWillBeSent") {
            const asked = params.request.url;
            expect(asked === url || /^(data|blob):/.test(asked), `a request: ${asked}`);
        }
    }
}

async function checkCharts(browser, least) {
    // A chart is drawn when it comes near: to each of them as somebody who reads on.
    await browser.value(`new Promise((done) => {
        const end = performance.now() + 10000; // what is not there by then is told below
        const isMissing = (chart) => chart.style.display !== "none" && !chart.querySelector("svg path");
        const look = () => {
            const missing = [...document.querySelectorAll(".chart")].find(isMissing);
            missing?.scrollIntoView({behavior: "instant"});
            missing && performance.now() < end ? setTimeout(look, 20) : done();
        };
        look();
    })`);
    const charts = await browser.value(kCharts);
    expect(charts.length >= least, `${charts.length} charts, expected ${least} at least`);
    for (const {name, width, height, marks, texts} of charts) {
        expect(width > 200 && height > 200, `chart "${name}" is ${width} x ${height}`);
        expect(marks >= 5 && texts.length >= 3, `chart "${name}" has ${marks} marks and ${texts.length} texts`);
    }
    expect(await browser.value("document.documentElement.scrollWidth <= innerWidth"), "it is wider than the window");
    return charts;
}

const counts = (browser) => browser.value(`document.querySelector("#replay .clock").textContent + " " + document.querySelector("#replay .counts").textContent`);

async function checkReplay(browser) {
    const first = await counts(browser);
    expect(first.startsWith("0.0 s 0 of 4 nodes hold everything; 1 asks"), `the replay begins with "${first}"`);
    // The slider as a mouse has it, in its middle, and as the keyboard has it.
    await browser.click("#replay input[type=range]");
    const middle = await counts(browser);
    expect(/^1[45]\.\d s 0 of 4/.test(middle), `in the middle it says "${middle}"`);
    const slider = () => browser.value(`Number(document.querySelector("#replay input").value)`);
    const before = await slider();
    await browser.key("ArrowRight", "ArrowRight");
    expect(await slider() === before + 1, "the slider does not hear the keyboard");
    await browser.value(`document.querySelector("#replay").focus()`);
    await browser.key("End", "End");
    const last = await counts(browser);
    expect(last.startsWith("31.0 s"), `at the end it says "${last}"`);
    // Play begins anew at the end, and pauses.
    await browser.click("#replay .play");
    const running = await browser.value(`new Promise((done) => setTimeout(() => done(document.querySelector("#replay .play").textContent), 300))`);
    expect(running.includes("Pause"), `while it plays the button says "${running}"`);
    const played = await counts(browser);
    expect(played !== last && !played.startsWith("0.0 s"), `having played it says "${played}"`);
    await browser.value(`document.querySelector("#replay").focus()`);
    await browser.key(" ", "Space", " ");
    const paused = [await counts(browser), await browser.value(`new Promise((done) => setTimeout(done, 200))`), await counts(browser)];
    expect(paused[0] === paused[2], "the space bar does not pause it");
    expect(await browser.value(`document.querySelectorAll("#replay .node").length`) === 4, "not four nodes are drawn");
    expect(await browser.value(`document.querySelector("#replay .load").getAttribute("d").length > 100`), "no load of the uplink is drawn");
    await browser.value(`(() => { const s = document.querySelector("#replay input"); s.value = 340; s.dispatchEvent(new Event("input")); })()`); // 10.54 s
    expect(await browser.value(`document.querySelectorAll("#replay .flow:not(.internet)").length`) === 2, "two transfers between peers are not drawn");
}

/** What a click on "Data as CSV" would save. */
async function csvOf(browser, index) {
    return browser.value(`new Promise((done) => {
        const make = URL.createObjectURL, click = HTMLAnchorElement.prototype.click;
        let text;
        URL.createObjectURL = (blob) => { text = blob.text(); return make.call(URL, blob); };
        HTMLAnchorElement.prototype.click = function () { text.then((csv) => done([this.download, csv])); };
        document.querySelectorAll(".csv")[${index}].click();
        URL.createObjectURL = make;
        HTMLAnchorElement.prototype.click = click;
    })`);
}

/** Only what is near is drawn; on paper all. */
async function checkDrawnWhenNear(browser) {
    const count = () => browser.value(`[...document.querySelectorAll(".chart")].map((chart) => chart.querySelector("svg path") !== null)`);
    await browser.value(`document.querySelector(".chart").scrollIntoView({behavior: "instant"})`);
    // Until nothing more comes for a while.
    let before = [], now = await count();
    for (let same = 0; same < 5; same = String(now) === String(before) ? same + 1 : 0) {
        before = now;
        await browser.value("new Promise((done) => setTimeout(done, 100))");
        now = await count();
    }
    expect(before.includes(true), "the chart in the window is not drawn");
    expect(before.includes(false), "charts far below are drawn before anybody sees them");
    await browser.value(`dispatchEvent(new Event("beforeprint"))`);
    expect(!(await count()).includes(false), "charts are missing on paper");
}

async function checkFull(browser) {
    await checkDrawnWhenNear(browser);
    const charts = await checkCharts(browser, 13);
    const copies = charts.find(({name}) => name === "Internet, copies by number of nodes, by policy");
    expect(copies?.texts.includes("robust") && copies.texts.includes("number of nodes"), "copies by number of nodes are not there");
    const answers = charts.find(({name}) => name === "response delay, mean, ms by holders at the start, by policy");
    expect(answers?.texts.includes("closed form D/(k+1)"), "no closed form beside the response delay");
    const spread = charts.find(({name}) => name === "How the copies spread");
    expect(spread?.texts.includes("expected, Markov chain"), "no expected spread beside the copies in time");
    expect(copies?.texts.includes("least: one copy of each"), "no least number of copies is drawn");
    expect(charts.some(({name, texts}) => name.startsWith("time to finish, last node, s by") && texts.includes("least, by maximum flow")), "no least time to finish is drawn");
    const text = await browser.value("document.body.innerText");
    for (const part of ["No least that must come over the Internet in 2 of 4 settings: somebody holds it at the start.", "Dashed, without marks: fig4a, closed form; robust, closed form, if everybody", "lanpeer-sim timing has their closed form", "protocol.download_stall_intervals", "What is asked", "robust 2.00 ± 0.00", "1 of 37 runs failed", "with changes that are not committed"]) {
        expect(text.replaceAll("\u00a0", " ").includes(part), `"${part}" is not on the page`);
    }
    const table = `document.querySelector(".headline").innerText`;
    const before = await browser.value(table);
    await browser.value(`(() => { const s = document.querySelector(".setting select"); s.value = "0"; s.dispatchEvent(new Event("change")); })()`);
    expect(before.includes("12.00 ± 4.97") && (await browser.value(table)).includes("6.00 ± 2.48"), "the table does not follow the setting");
    const [name, csv] = await csvOf(browser, 0);
    expect(name === "sample-policies.csv", `the CSV's name is ${name}`);
    expect(csv.startsWith("lan.nodes,workload.holders,policy,figure,unit,n,mean,low,high\n10,3,direct,internet_bytes,"), `the CSV begins with ${csv.slice(0, 90)}`);
    expect(csv.includes("\n10,3,robust,copies,,3,1,1,1\n"), "the CSV has not the copies of robust");
    const buttons = await browser.value(`document.querySelectorAll(".csv").length`);
    for (let i = 1; i < buttons; ++i) {
        const [file, data] = await csvOf(browser, i);
        expect(/^[\w.-]+\.csv$/.test(file) && data.split("\n").length > 3, `CSV ${file} is empty`);
    }
    await checkReplay(browser);
    await browser.size(400, 800, "dark");
    await browser.value("new Promise((done) => setTimeout(done, 200))");
    await checkCharts(browser, 13);
}

const checks = {
    full: checkFull,
    hostile: async (browser) => {
        await checkCharts(browser, 5);
        expect(await browser.value("document.images.length") === 0, "a name became an element");
        const title = await browser.value("document.title");
        expect(title.startsWith("</script><img src=x"), `the title is ${title}`);
        expect((await browser.value(`document.querySelector("h1").textContent`)).startsWith("</script><img"), "the name is not shown");
        // Tooltips are HTML.
        await browser.value(`[...document.querySelectorAll(".chart")].forEach((chart) => echarts.getInstanceByDom(chart)?.dispatchAction({type: "showTip", seriesIndex: 0, dataIndex: 0}))`);
        await browser.value("new Promise((done) => setTimeout(done, 100))");
        expect(await browser.value("document.images.length") === 0, "a name became an element of a tooltip");
        expect((await browser.value("document.body.innerText")).includes("(n = 1)"), "no tooltip was shown");
    },
    failed: async (browser) => {
        const text = await browser.value("document.body.innerText");
        expect(text.includes("2 of 2 runs failed") && text.includes("killed by signal 11") && text.includes("There is nothing to draw"), "it does not say that all failed");
        expect(await browser.value(`document.querySelectorAll(".chart").length`) === 0, "a chart of nothing");
    },
    one: async (browser) => {
        await checkCharts(browser, 2);
        const text = await browser.value("document.body.innerText");
        for (const part of ["No distribution tree and no replay", "against lan.nodes, workload.window_s, uplink.preset, internet.nodes", "No response delay beside the closed form"]) {
            expect(text.includes(part), `"${part}" is not on the page`);
        }
        expect(!text.includes("±") || !/\d ± /.test(text), "one run has an interval");
    },
};

const browser = await Browser.start();
try {
    for (let i = 0; i + 1 < wanted.length; i += 2) {
        const url = pathToFileURL(resolve(wanted[i + 1])).href;
        browser.events = [];
        await browser.size(1280, 900);
        await browser.open(url);
        await checks[wanted[i]](browser);
        await checkQuiet(browser, url);
    }
} catch (error) {
    wrong.push(String(error.stack ?? error));
} finally {
    await browser.stop();
}
wrong.forEach((line) => console.error(line));
process.exit(wrong.length > 0 ? 1 : 0);
