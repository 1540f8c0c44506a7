#!/usr/bin/env node
// What a report looks like: tests/report/screenshot PAGE.html OUT.png [WIDTH [light|dark [SELECTOR|whole|top [SECONDS]]]]
//
// SECONDS: how far the replay is moved first.

import {writeFileSync} from "node:fs";
import {resolve} from "node:path";
import {pathToFileURL} from "node:url";
import {Browser} from "./browser.mjs";

const [page, out, width = "1280", scheme = "light", part = "whole", seconds = ""] = process.argv.slice(2);
const browser = await Browser.start();
await browser.size(Number(width), 900, scheme);
await browser.open(pathToFileURL(resolve(page)).href);
if (seconds) {
    await browser.value(`(() => { const s = document.querySelector("#replay input[type=range]"); s.value = ${Number(seconds)}; s.dispatchEvent(new Event("input")); })()`);
}
if (part !== "whole" && part !== "top") {
    const height = await browser.value(`(() => { const e = document.querySelector(${JSON.stringify(part)}).closest(".card") ; document.querySelector(".setting")?.remove(); e.scrollIntoView({behavior: "instant"}); return Math.ceil(e.getBoundingClientRect().height) + 10; })()`);
    await browser.size(Number(width), height, scheme);
    await browser.value(`document.querySelector(${JSON.stringify(part)}).closest(".card").scrollIntoView({behavior: "instant"})`);
} else if (part === "whole") {
    await browser.size(Number(width), await browser.value("document.documentElement.scrollHeight"), scheme);
}
await new Promise((done) => setTimeout(done, 300));
writeFileSync(out, await browser.picture(false));
for (const {method, params} of browser.events) {
    if (method === "Runtime.exceptionThrown") console.error(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded" || method === "Runtime.consoleAPICalled") console.error(JSON.stringify(params.entry ?? params.args));
}
await browser.stop();
