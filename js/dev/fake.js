/** What a kernel has of each part and chunk of the front-end: its text, by name. */
const widget_manager = {
  async get_model(name) {
    const source = await (await fetch(new URL(`../../nbblocks/static/${name}.js`, import.meta.url))).text();
    return new FakeModel({ source, hash: name });
  },
};

/** A widget model without a kernel: it holds the state of an app and writes down what the page sends. */
export class FakeModel {
  sent = [];
  widget_manager = widget_manager;
  #state;
  #heard = new Map();

  constructor(state) {
    this.#state = { ...state };
  }

  get(key) {
    return this.#state[key];
  }

  set(key, value) {
    if (this.#state[key] === value) return;
    this.#state[key] = value;
    this.#fire(`change:${key}`, this, value);
  }

  save_changes() {}

  send(content) {
    this.sent.push(content);
    if (!["beat", "nudge", "chunk"].includes(content.type)) console.log("page", JSON.stringify(content));
  }

  on(event, listener) {
    if (!this.#heard.has(event)) this.#heard.set(event, new Set());
    this.#heard.get(event).add(listener);
  }

  off(event, listener) {
    if (listener) this.#heard.get(event)?.delete(listener);
    else this.#heard.delete(event);
  }

  /** Do what a custom message from the kernel does. */
  receive(content, buffers = []) {
    this.#fire("msg:custom", content, buffers);
  }

  #fire(event, ...args) {
    for (const listener of [...(this.#heard.get(event) ?? [])]) listener(...args);
    for (const listener of [...(this.#heard.get("all") ?? [])]) listener(event, ...args);
  }
}

/** One block of an app to be faked; `ref` among its properties names it for listeners. */
export function part(type, props = {}, ...children) {
  return { type, props, children };
}

/** The state of the root of an app, and the block ids of the parts that have a `ref`. */
export function stateOf(root) {
  const state = {};
  const ids = {};
  let last = 0;
  const place = ({ type, props, children }) => {
    last += 1;
    const id = last;
    for (const [name, value] of Object.entries(props)) {
      if (name === "ref") ids[value] = id;
      else state[`${id}.${name}`] = value;
    }
    return [id, type, children.map(place)];
  };
  state.tree = place(root);
  state.bundle = "loader";
  // As if the app needed all of them: a page fetches those that its blocks ask for.
  state.chunks = new Proxy({}, { get: (_, name) => String(name) });
  state.listeners = [];
  state.options = { live: true, footer: false, show_error: true, title: "Gallery" };
  return { state, ids };
}
