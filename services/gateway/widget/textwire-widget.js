/*
 * Textwire's chat on any page, in one tag:
 *
 *   <script src="https://bot.example.com/widget.js" data-title="Help" async></script>
 *
 * data-title     what stands above the conversation          Support
 * data-greeting  what it says before anything was said       Hello! What can I help you with?
 * data-colour    of the button and of what the customer says  #0B5C8F
 * data-origin    where the gateway is                         where this script came from
 *
 * Everything is drawn in a shadow root: the page's styles do not reach in, nor ours out. Texts are
 * set as text, never as HTML. The conversation stays with this browser's tab.
 */
(() => {
  "use strict";

  const script = document.currentScript;
  const told = script.dataset;
  const origin = (told.origin || new URL(script.src).origin).replace(/\/$/, "");
  const title = told.title || "Support";
  const greeting = told.greeting || "Hello! What can I help you with?";
  const colour = /^#[0-9a-f]{3,8}$/i.test(told.colour || "") ? told.colour : "#0B5C8F";
  const KEPT = `textwire:${origin}`;
  const LONGEST = 8000;
  const RETRY_MS = [500, 1000, 2000, 4000, 8000];

  const STYLE = `
    .root { all: initial; --brand: ${colour}; --ink: #14233B; --soft: #56637A; --paper: #F7F7F4; --card: #FFF;
      --line: #E6E8E3; --line-strong: #C3C9CF; --waiting: #7A4E00; --waiting-ground: #FDF1D8;
      position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; color: var(--ink);
      font: 400 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    @media (prefers-color-scheme: dark) {
      .root { --ink: #E8EBF0; --soft: #A5AFBF; --paper: #131B28; --card: #1C2636; --line: #2C3749;
        --line-strong: #46536A; --waiting: #F2D08A; --waiting-ground: #3A2E14; } }
    * { box-sizing: border-box; }
    button { font: inherit; color: inherit; cursor: pointer; border: 0; background: none; }
    :focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
    .open { width: 56px; height: 56px; border-radius: 50%; background: var(--brand);
      color: #FFF; display: grid; place-items: center; margin-left: auto;
      box-shadow: 0 6px 24px rgb(20 35 59 / 28%); transition: transform .15s; }
    .open:hover { transform: scale(1.05); }
    .open svg { width: 25.6px; height: 25.6px; }
    .panel { width: min(384px, calc(100vw - 40px)); height: min(608px, calc(100vh - 112px));
      margin-bottom: 14.4px; display: flex; flex-direction: column; overflow: hidden;
      background: var(--paper); border: 1px solid var(--line); border-radius: 16px;
      box-shadow: 0 12px 48px rgb(20 35 59 / 24%); }
    [hidden] { display: none !important; }
    header { display: flex; align-items: center; gap: 9.6px; padding: 12.8px 16px;
      background: var(--card); border-bottom: 1px solid var(--line); }
    h2 { font-size: 16px; font-weight: 620; margin: 0; flex: 1; overflow-wrap: anywhere; }
    .state { font-size: 12.8px; color: var(--soft); }
    .close { width: 32px; height: 32px; border-radius: 8px; font-size: 19.2px; line-height: 1; }
    .close:hover { background: var(--paper); }
    .said { flex: 1; overflow-y: auto; padding: 16px; display: flex; flex-direction: column;
      gap: 9.6px; list-style: none; margin: 0; }
    .bubble { max-width: 86%; width: fit-content; padding: 8.8px 13.6px; border-radius: 16px;
      white-space: pre-wrap; overflow-wrap: anywhere; background: var(--card);
      border: 1px solid var(--line); border-bottom-left-radius: 5px; }
    .customer { margin-left: auto; background: var(--brand); color: #FFF; border-color: transparent;
      border-radius: 16px; border-bottom-right-radius: 5px; }
    .person { background: var(--waiting-ground); border-color: transparent; }
    .person .who { color: var(--waiting); }
    .who { display: block; font-size: 12.48px; font-weight: 620; }
    .failed { opacity: .75; border: 1px dashed var(--line-strong); }
    .sources { max-width: 86%; font-size: 13.6px; color: var(--soft); }
    summary { cursor: pointer; padding: 1.6px 4.8px; border-radius: 6px; }
    .sources li { margin: 5.6px 0; } .sources ol { margin: 3.2px 0; padding-left: 22.4px; }
    a { color: var(--brand); } @media (prefers-color-scheme: dark) { a { color: #8CC4EA; } }
    .choices { display: flex; flex-wrap: wrap; gap: 6.4px; }
    .choices button { border: 1px solid var(--line-strong); border-radius: 99px; text-align: left;
      background: var(--card); padding: 4.8px 12.8px; font-size: 14.4px; }
    .choices button:hover { border-color: var(--brand); }
    .thumbs { display: flex; align-items: center; gap: 3.2px; color: var(--soft); font-size: 13.6px; }
    .thumbs button { display: grid; place-items: center; width: 32px; height: 28px; border-radius: 8px; }
    .thumbs button:hover { background: var(--line); color: var(--ink); }
    .thumbs [aria-pressed=true] { color: var(--brand); }
    .thumbs [aria-pressed=true] path { fill: currentColor; fill-opacity: .2; }
    .thumbs svg { width: 17.6px; height: 17.6px; } .down svg { transform: rotate(180deg); }
    @media (prefers-color-scheme: dark) { .thumbs [aria-pressed=true] { color: #8CC4EA; } }
    .thinking { display: flex; gap: 4.8px; padding: 12.8px 14.4px; }
    .dots { display: inline-flex; gap: 4.8px; margin-left: 8px; }
    :is(.thinking, .dots) i { width: 7.2px; height: 7.2px; border-radius: 50%; background: var(--soft);
      animation: breathe 1.2s ease-in-out infinite; }
    :is(.thinking, .dots) i:nth-child(2) { animation-delay: .16s; }
    :is(.thinking, .dots) i:nth-child(3) { animation-delay: .32s; }
    @keyframes breathe { 0%, 70%, 100% { opacity: .25; } 35% { opacity: .9; } }
    @media (prefers-reduced-motion: reduce) { :is(.thinking, .dots) i { animation: none; } .open { transition: none; } }
    form { display: flex; gap: 8px; padding: 12px; background: var(--card);
      border-top: 1px solid var(--line); align-items: flex-end; }
    textarea:focus-visible { outline-offset: -1px; }
    textarea { flex: 1; font: inherit; color: inherit; resize: none; max-height: 128px; min-height: 40px;
      border: 1px solid var(--line-strong); border-radius: 12px; padding: 8px 12px; background: var(--paper); }
    .send { background: var(--brand); color: #FFF; border-radius: 12px; height: 40px; padding: 0 15.2px; font-weight: 600; }
    .send:disabled { opacity: .5; cursor: default; }
    .heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    @media (max-width: 480px) {
      .root { right: 12px; bottom: 12px; }
      .panel { width: calc(100vw - 24px); height: calc(100dvh - 96px); }
      textarea { font-size: 16px; } /* below that phones zoom into what is written in */ }`;

  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, "");
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children);
    return node;
  };
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const webAddress = (url) => {
    try {
      return ["http:", "https:"].includes(new URL(url).protocol) ? url : null;
    } catch {
      return null;
    }
  };

  class Failed extends Error {
    constructor(status, detail, retryAfterS) {
      super(detail);
      Object.assign(this, { status, retryAfterS });
    }
  }

  /* The gateway: one session, begun when it is first needed. */
  class Gateway {
    token = sessionStorage.getItem(KEPT);

    async begin() {
      if (this.token) return;
      this.begun ??= this.call("/v1/support/sessions", { method: "POST" }, false);
      try {
        this.token = (await this.begun).token;
        sessionStorage.setItem(KEPT, this.token);
      } finally {
        this.begun = null;
      }
    }

    forget() {
      this.token = null;
      sessionStorage.removeItem(KEPT);
    }

    get bearer() {
      return { Authorization: `Bearer ${this.token}` };
    }

    async call(path, options = {}, signed = true) {
      const headers = { "Content-Type": "application/json", ...(signed ? this.bearer : {}) };
      const response = await fetch(origin + path, { ...options, headers });
      if (response.status === 204) return null;
      if (response.ok) return response.json();
      const problem = await response.json().catch(() => ({}));
      const after = Number(response.headers.get("Retry-After")) || null;
      throw new Failed(response.status, problem.detail || "Something went wrong.", after);
    }

    conversation() {
      return this.call("/v1/support/conversation");
    }

    ask(id, text) {
      return this.call("/v1/support/questions", {
        method: "POST",
        body: JSON.stringify({ id, text }),
      });
    }

    judge(question, kind) {
      return this.call("/v1/support/feedback", {
        method: "POST",
        body: JSON.stringify({ question_id: question, kind }),
      });
    }

    /* Calls `heard(event, data)` for each server-sent event, until the connection ends. */
    async follow(heard, signal) {
      const response = await fetch(`${origin}/v1/support/events`, { headers: this.bearer, signal });
      if (!response.ok) throw new Failed(response.status, "The conversation cannot be followed.");
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const blocks = (rest + value.replaceAll("\r", "")).split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) {
          const lines = block.split("\n");
          const of = (name) => lines.filter((line) => line.startsWith(`${name}: `))
            .map((line) => line.slice(name.length + 2));
          const [event] = of("event");
          if (event) heard(event, of("data").join("\n"));
        }
      }
    }
  }

  class Chat extends HTMLElement {
    gateway = new Gateway();
    turns = [];
    judged = new Map(); // what was thought of answers in this page, by question
    waiting = []; // what was asked and has no answer yet: { id, text, problem }
    reading = null; // the conversation, while it is being read
    stale = false; // whether something came that what is being read may not know of

    connectedCallback() {
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
      this.said = make("ol", { class: "said", tabindex: "0", "aria-label": "Conversation" });
      this.heard = make("div", { class: "heard", role: "status", "aria-live": "polite" });
      this.state = make("span", { class: "state" });
      this.text = make("textarea", {
        rows: "1", maxlength: LONGEST, "aria-label": "Your message", placeholder: "Write a message",
        oninput: () => this.fit(), onkeydown: (event) => this.keyed(event),
      });
      this.form = make("form", { onsubmit: (event) => this.submitted(event) },
        this.text, make("button", { class: "send", type: "submit" }, "Send"));
      this.panel = make("section",
        { class: "panel", role: "dialog", "aria-label": title, hidden: true,
          onkeydown: (event) => event.key === "Escape" && this.close() },
        make("header", {}, make("h2", {}, title), this.state,
          make("button", { class: "close", type: "button", "aria-label": "Close", onclick: () => this.close() }, "×")),
        this.said, this.heard, this.form);
      this.button = make("button",
        { class: "open", type: "button", "aria-label": title, "aria-expanded": "false",
          onclick: () => (this.panel.hidden ? this.open() : this.close()) });
      this.button.append(icon());
      // What a page says of all its elements reaches the host, and what is inherited would go on.
      root.append(make("div", { class: "root" }, this.panel, this.button));
      this.draw();
      if (this.gateway.token) this.stay();
    }

    open() {
      this.panel.hidden = false;
      this.button.setAttribute("aria-expanded", "true");
      this.text.focus();
      this.said.scrollTop = this.said.scrollHeight;
      this.stay();
    }

    close() {
      this.panel.hidden = true;
      this.button.setAttribute("aria-expanded", "false");
      this.button.focus();
    }

    /* Follow the conversation from now on, whatever happens to the connection. */
    async stay() {
      if (this.following) return;
      this.following = true;
      for (let failures = 0; ; ) {
        try {
          await this.gateway.begin();
          await this.gateway.follow((event, data) => {
            failures = 0;
            this.tell("");
            this.happened(event, data);
          });
        } catch (error) {
          if (error.status === 401) this.gateway.forget();
          else this.tell("Reconnecting…");
        }
        await wait(RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]);
      }
    }

    async happened(event, data) {
      if (event === "answer") {
        const answer = JSON.parse(data);
        if (answer.text) this.announce(answer.text);
        this.settle(answer);
      }
      if (event === "part") this.goOn(JSON.parse(data));
      if (event === "refresh") await this.refresh();
    }

    /* One reading at a time: of two an older one might come last, and take messages off again. */
    refresh() {
      this.stale = true;
      this.reading ||= this.readAnew();
      return this.reading;
    }

    async readAnew() {
      try {
        let read;
        do {
          this.stale = false;
          read = await this.gateway.conversation();
        } while (this.stale);
        this.turns = read.turns;
        const told = new Set(this.turns.filter((turn) => turn.role !== "customer").map((turn) => turn.question_id));
        this.waiting = this.waiting.filter((asked) => !told.has(asked.id));
        this.draw();
      } catch (error) {
        if (error.status === 401) this.gateway.forget();
      } finally {
        this.reading = null;
      }
    }

    submitted(event) {
      event.preventDefault();
      const text = this.text.value.trim();
      if (!text) return;
      this.text.value = "";
      this.fit();
      this.ask(text);
    }

    async ask(text) {
      const asked = { id: newId(), text, problem: "" };
      this.waiting.push(asked);
      await this.send(asked);
    }

    /* Send until it is taken: the same id is the same message, however often it comes. */
    async send(asked) {
      asked.problem = "";
      this.draw();
      for (let failures = 0; this.waiting.includes(asked); failures++) {
        try {
          await this.gateway.begin();
          const answer = await this.gateway.ask(asked.id, asked.text);
          if (answer.outcome !== "pending") this.settle(answer);
          return;
        } catch (error) {
          if (error.status === 401) this.gateway.forget();
          const passes = !error.status || error.status === 401 || error.status >= 500;
          if (!passes || failures >= RETRY_MS.length) {
            asked.problem = error.status ? error.message : "This could not be sent.";
            this.announce(asked.problem);
            return this.draw();
          }
          await wait(error.retryAfterS ? error.retryAfterS * 1000 : RETRY_MS[failures]);
        }
      }
    }

    /* An answer begins: a question that has its answer, or was never asked here, is left alone. */
    goOn(part) {
      const asked = this.waiting.find((one) => one.id === part.question_id);
      if (!asked || asked.problem) return;
      asked.begun = part.text;
      this.draw();
    }

    /* An answer has come, by whichever way was quicker. */
    settle(answer) {
      const asked = !answer.agent && this.waiting.find((one) => one.id === answer.question_id);
      const shown = this.turns.some((turn) => turn.text === answer.text
        && (turn.question_id === answer.question_id || turn.by === answer.agent));
      if (asked) {
        this.stale = true;
        this.waiting = this.waiting.filter((one) => one !== asked);
        this.turns = this.turns.filter((turn) => turn.question_id !== asked.id);
        this.turns.push({ role: "customer", text: asked.text, question_id: asked.id });
        this.turns.push({ role: "bot", ...answer });
      } else if (!shown) return this.refresh();
      this.draw();
    }

    draw() {
      const atEnd = this.said.scrollHeight - this.said.scrollTop - this.said.clientHeight < 60;
      const folded = new Set([...this.said.querySelectorAll("details[open]")].map((one) => one.dataset.of));
      const lines = [bubble("bot", greeting)];
      this.turns.forEach((turn, at) => {
        // Beside a colleague the bot keeps quiet.
        if (turn.text) lines.push(bubble(turn.role, turn.text, turn.outcome, turn.by));
        if (turn.sources?.length) lines.push(sources(turn, folded.has(turn.question_id)));
        if (turn.outcome === "answered" && turn.question_id) lines.push(this.thumbs(turn));
        const isLast = at === this.turns.length - 1 && !this.waiting.length;
        if (isLast && turn.choices?.length) lines.push(this.choices(turn.choices));
      });
      for (const asked of this.waiting) {
        lines.push(bubble("customer", asked.text, asked.problem ? "failed" : ""));
        lines.push(asked.problem ? this.again(asked) : asked.begun ? growing(asked.begun) : thinking());
      }
      const held = this.shadowRoot.activeElement?.dataset.held;
      this.said.replaceChildren(...lines);
      // What is drawn anew keeps the keyboard where it was.
      if (held) this.said.querySelector(`[data-held="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
      if (atEnd || this.waiting.length) this.said.scrollTop = this.said.scrollHeight;
    }

    choices(offered) {
      return make("li", { class: "choices" }, ...offered.map((choice) =>
        make("button", { type: "button", "data-held": `choice ${choice}`, onclick: () => this.ask(choice) }, choice)));
    }

    /* Whether an answer helped; the last word counts. */
    thumbs(turn) {
      const of = turn.question_id;
      const { kind: judged, words } = this.judged.get(of) || { kind: turn.judged };
      const one = (kind, name, way) => make("button", {
        type: "button", class: way, "aria-label": name, title: name,
        "aria-pressed": String(judged === kind), "data-held": `${kind} ${of}`,
        onclick: () => judged !== kind && this.judge(of, kind, judged),
      }, thumb());
      return make("li", { class: "thumbs", role: "group", "aria-label": "Was this helpful?" },
        one("helpful", "Helpful", "up"), one("unhelpful", "Not helpful", "down"), words || "");
    }

    async judge(of, kind, before) {
      this.judged.set(of, { kind });
      this.draw();
      try {
        await this.gateway.judge(of, kind);
        this.judged.set(of, { kind, words: THANKS[kind] });
      } catch (error) {
        this.judged.set(of, { kind: before, words: error.status ? error.message : "This could not be sent." });
      }
      this.announce(this.judged.get(of).words);
      this.draw();
    }

    again(asked) {
      return make("li", { class: "sources" }, `${asked.problem} `,
        make("button", { type: "button", onclick: () => this.send(asked) }, "Try again"));
    }

    keyed(event) {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submitted(event);
    }

    fit() {
      this.text.style.height = "auto";
      this.text.style.height = `${this.text.scrollHeight + 2}px`;
    }

    tell(state) {
      this.state.textContent = state;
    }

    announce(text) {
      this.heard.textContent = text;
    }
  }

  const THANKS = { helpful: "Thank you!", unhelpful: "Thank you. We look into it." };
  const PERSON = new Set(["handed_over", "waiting"]);
  const bubble = (role, text, outcome, by) => {
    const person = role === "agent" || PERSON.has(outcome);
    const kind = role === "customer" ? "customer" : person ? "person" : "bot";
    const who = role === "customer" ? "You" : role === "agent" ? by || "Colleague" : "Bot";
    const name = make("span", { class: role === "agent" ? "who" : "heard" }, `${who}: `);
    return make("li", { class: `bubble ${kind} ${outcome === "failed" ? "failed" : ""}` }, name, text);
  };
  const thinking = () => make("li", { class: "bubble thinking", "aria-label": "The bot is writing" },
    make("i"), make("i"), make("i"));
  const growing = (text) => {
    const begun = bubble("bot", text);
    begun.append(make("span", { class: "dots", "aria-label": "The bot is writing" }, make("i"), make("i"), make("i")));
    return begun;
  };
  const sources = (turn, open) => make("li", { class: "sources" },
    make("details", { open, "data-of": turn.question_id },
      make("summary", { "data-held": `sources ${turn.question_id}` }, turn.sources.length === 1 ? "1 source" : `${turn.sources.length} sources`),
      make("ol", {}, ...turn.sources.map((source, at) => {
        const name = source.title || source.text.slice(0, 80);
        const url = webAddress(source.url);
        return make("li", {}, url ? make("a", {
          href: url, target: "_blank", rel: "noopener noreferrer", "data-held": `source ${at} ${turn.question_id}`,
        }, name) : name);
      }))));
  const newId = () => crypto.randomUUID?.() || [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const drawing = (...lines) => {
    const drawn = (tag, attributes) => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
      return node;
    };
    const svg = drawn("svg", { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor",
      "stroke-width": "1.9", "stroke-linejoin": "round", "stroke-linecap": "round", "aria-hidden": "true" });
    svg.append(...lines.map((d) => drawn("path", { d })));
    return svg;
  };
  const icon = () => drawing("M4 5.5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-9l-5 4v-4H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1z",
    "M8 9.5h8M8 12.5h5");
  const thumb = () => drawing("M7.5 10.5 11 3.6a2.2 2.2 0 0 1 2.7 2.6l-.7 3.3h5a2 2 0 0 1 2 2.4l-1.3 6.4a2 2 0 0 1-2 1.7H7.5z",
    "M7.5 10.5H4.6v9.5h2.9");

  customElements.define("textwire-chat", Chat);
  const show = () => document.body.append(document.createElement("textwire-chat"));
  if (document.body) show();
  else document.addEventListener("DOMContentLoaded", show);
})();
