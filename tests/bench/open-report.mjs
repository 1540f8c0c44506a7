#!/usr/bin/env node
// How long Chromium takes to open a report, until all figures in the window are drawn (those below
// are drawn when they come near):
//
//   tests/bench/open-report.mjs REPORT.html [TIMES]

import {resolve} from "node:path";
import {pathToFileURL} from "node:url";
import {Browser} from "../report/browser.mjs";

const [page, times = "5"] = process.argv.slice(2);
const browser = await Browser.start();
await browser.size(1280, 900);
const took = [];
for (let i = 0; i < Number(times); ++i) {
    await browser.open(pathToFileURL(resolve(page)).href);
    // From the navigation to the frame in which the last chart of them is there.
    took.push(await browser.value(`new Promise((done) => { const look = () => [...document.querySelectorAll(".chart")]
        .every((chart) => chart.style.display === "none" || chart.getBoundingClientRect().top > innerHeight || chart.querySelector("svg path")) ? done(performance.now()) : requestAnimationFrame(look); look(); })`));
}
took.sort((a, b) => a - b);
console.log(`opened in ${took[Math.floor(took.length / 2)].toFixed(0)} ms (median of ${took.length}, ${took[0].toFixed(0)} to ${took[took.length - 1].toFixed(0)})`);
await browser.stop();
