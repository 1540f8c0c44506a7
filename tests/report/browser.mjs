// A headless Chromium that is talked to by the DevTools protocol over a pipe: no port, no package.

import {spawn} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

export class Browser {
    #child;
    #home = mkdtempSync(join(tmpdir(), "lanpeer-chromium-"));
    #last = 0;
    #waiting = new Map();
    #heard = [];
    #rest = "";
    #session;

    /** Everything that the browser told of without being asked, {method, params}. */
    events = [];

    static async start() {
        const browser = new Browser();
        const options = ["--headless=new", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
            "--disable-component-update", "--hide-scrollbars", `--user-data-dir=${browser.#home}`, "--remote-debugging-pipe", "about:blank"];
        if (process.getuid() === 0) {
            options.unshift("--no-sandbox");
        }
        browser.#child = spawn("chromium", options, {stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"]});
        browser.#child.stdio[4].on("data", (bytes) => browser.#take(bytes));
        browser.#child.on("exit", () => browser.#waiting.forEach(({reject}) => reject(new Error("chromium ended"))));
        browser.#child.stdio[3].on("error", () => {});
        const {targetInfos} = await browser.#send("Target.getTargets");
        const {targetId} = targetInfos.find(({type}) => type === "page");
        browser.#session = (await browser.#send("Target.attachToTarget", {targetId, flatten: true})).sessionId;
        for (const domain of ["Page", "Runtime", "Log", "Network"]) {
            await browser.send(`${domain}.enable`);
        }
        return browser;
    }

    #take(bytes) {
        const parts = (this.#rest + bytes.toString("utf8")).split("\0");
        this.#rest = parts.pop();
        for (const part of parts) {
            const message = JSON.parse(part);
            const waiting = this.#waiting.get(message.id);
            if (waiting) {
                this.#waiting.delete(message.id);
                message.error ? waiting.reject(new Error(message.error.message)) : waiting.resolve(message.result);
            } else {
                this.events.push(message);
                this.#heard = this.#heard.filter((listener) => !listener(message));
            }
        }
    }

    #send(method, params = {}, sessionId = undefined) {
        const id = ++this.#last;
        this.#child.stdio[3].write(JSON.stringify({id, method, params, sessionId}) + "\0");
        return new Promise((resolve, reject) => this.#waiting.set(id, {resolve, reject}));
    }

    send(method, params) {
        return this.#send(method, params, this.#session);
    }

    heard(method) {
        return new Promise((resolve) => this.#heard.push((message) => message.method === method && (resolve(message.params), true)));
    }

    async size(width, height, scheme = "light") {
        await this.send("Emulation.setDeviceMetricsOverride", {width, height, deviceScaleFactor: 1, mobile: false});
        await this.send("Emulation.setEmulatedMedia", {features: [{name: "prefers-color-scheme", value: scheme}]});
    }

    async open(url) {
        const loaded = this.heard("Page.loadEventFired");
        await this.send("Page.navigate", {url});
        await loaded;
    }

    /** The value of an expression in the page; throws what it throws. */
    async value(expression) {
        const {result, exceptionDetails} = await this.send("Runtime.evaluate", {expression, returnByValue: true, awaitPromise: true});
        if (exceptionDetails) {
            throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        }
        return result.value;
    }

    async key(key, code, text) {
        await this.send("Input.dispatchKeyEvent", {type: "keyDown", key, code, text, windowsVirtualKeyCode: {" ": 32, ArrowRight: 39, ArrowLeft: 37}[key]});
        await this.send("Input.dispatchKeyEvent", {type: "keyUp", key, code});
    }

    async click(selector) {
        const [x, y] = await this.value(`(() => { const e = document.querySelector(${JSON.stringify(selector)}); e.scrollIntoView({block: "center", behavior: "instant"});
            const box = e.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()`);
        for (const type of ["mousePressed", "mouseReleased"]) {
            await this.send("Input.dispatchMouseEvent", {type, x, y, button: "left", clickCount: 1});
        }
    }

    /** PNG bytes of the viewport, or of the whole page. */
    async picture(whole) {
        const {data} = await this.send("Page.captureScreenshot", {format: "png", captureBeyondViewport: whole});
        return Buffer.from(data, "base64");
    }

    async stop() {
        const ended = new Promise((resolve) => this.#child.on("exit", resolve));
        this.#waiting.clear();
        this.#send("Browser.close").catch(() => {});
        await ended;
        rmSync(this.#home, {recursive: true, force: true, maxRetries: 5});
    }
}
