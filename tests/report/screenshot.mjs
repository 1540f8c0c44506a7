#!/usr/bin/env node
// What a report looks like:
//
//   screenshot.mjs REPORT.html OUT.png [WIDTH [light|dark [whole|top|SELECTOR [PART]]]]
//
// of all of it, of its beginning, or of the figure that SELECTOR is in; PART, 0 to 1000, is where the
// replay is moved to first. What goes wrong in the page is printed.

import {writeFileSync} from "node:fs";
import {resolve} from "node:path";
import {pathToFileURL} from "node:url";
import {Browser} from "./browser.mjs";

const [page, out, width = "1280", scheme = "light", part = "whole", replayed = ""] = process.argv.slice(2);
const browser = await Browser.start();
await browser.size(Number(width), 900, scheme);
await browser.open(pathToFileURL(resolve(page)).href);
if (replayed) {
    await browser.value(`(() => { const s = document.querySelector("#replay input[type=range]"); s.value = ${Number(replayed)}; s.dispatchEvent(new Event("input")); })()`);
}
if (part === "whole") {
    await browser.size(Number(width), await browser.value("document.documentElement.scrollHeight"), scheme);
} else if (part !== "top") {
    const card = `document.querySelector(${JSON.stringify(part)}).closest(".card")`;
    await browser.value(`document.querySelector(".setting")?.remove()`); // it would lie above it
    await browser.value("new Promise((done) => setTimeout(done, 500))");
    const height = await browser.value(`Math.ceil(${card}.getBoundingClientRect().height) + 10`);
    await browser.size(Number(width), height, scheme);
    await browser.value(`${card}.scrollIntoView({behavior: "instant"})`);
}
await new Promise((done) => setTimeout(done, 800));
writeFileSync(out, await browser.picture(false));
for (const {method, params} of browser.events) {
    if (method === "Runtime.exceptionThrown") {
        console.error(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    } else if (method === "Log.entryAdded" || method === "Runtime.consoleAPICalled") {
        console.error(JSON.stringify(params.entry ?? params.args));
    }
}
await browser.stop();
