// Runs in every frame before the page's own scripts: finds the marked parts of an app, acts on them, and
// takes the time. All times are on one clock, in ms: performance.timeOrigin + performance.now().
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
  const find = (name) => document.getElementById(name) ?? document.querySelector(`.mark-${name}`);
  const inner = (element, selector) => (element?.matches(selector) ? element : element?.querySelector(selector));
  const button = () => inner(find("go"), "button");
  const text = () => inner(find("out"), "textarea, input")?.value;

  // Setting a text field's value mutates nothing, so the setter tells.
  const watchers = new Set();
  for (const { prototype } of [HTMLInputElement, HTMLTextAreaElement]) {
    const value = Object.getOwnPropertyDescriptor(prototype, "value");
    Object.defineProperty(prototype, "value", {
      ...value,
      set(next) {
        value.set.call(this, next);
        for (const tell of watchers) tell();
      },
    });
  }

  // Call `seen(text, time)` for each new text of `out`; returns what ends it.
  const watch = (seen) => {
    let last = text();
    const look = () => {
      const next = text();
      if (next !== last) seen((last = next), now());
    };
    watchers.add(look);
    return () => watchers.delete(look);
  };

  // Click, and wait for a text that `done` accepts.
  const click = (done, timeout) =>
    new Promise((resolve) => {
      const seen = new Set();
      const end = (result) => {
        clearTimeout(timer);
        stop();
        resolve({ ...result, start, seen: seen.size, text: (text() ?? "").slice(0, 40) });
      };
      const stop = watch((next, time) => {
        seen.add(next);
        if (done(next)) end({ ok: true, time, ms: time - start });
      });
      const timer = setTimeout(() => end({ ok: false }), timeout);
      const start = now();
      button().click();
    });

  const shown = (element) => {
    const box = element?.getBoundingClientRect();
    return box && box.width > 0 && box.height > 0 && box;
  };
  const clickable = (element) => {
    const box = element && !element.disabled && shown(element);
    if (!box || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return element.contains(hit) || Boolean(hit?.contains(element));
  };

  const bench = {
    now,
    // Whether this frame holds the app.
    here: () => Boolean(button() && find("out")),
    // `n` clicks, one after the other, each answered by the handler's next number.
    clicks: async (n, gap) => {
      const times = [];
      for (let i = 0; i < n; i++) {
        const want = `n=${Number((text() || "n=0").slice(2)) + 1}`;
        const answer = await click((next) => next === want, 10_000);
        if (!answer.ok) throw new Error(`the page shows ${answer.text} instead of ${want}`);
        times.push(answer.ms);
        await sleep(gap);
      }
      return times;
    },
    // Click until told to stop; `stop` gives the times.
    going: null,
    start: (gap) => {
      const going = { on: true, times: [] };
      going.done = (async () => {
        while (going.on) {
          going.times.push(...(await bench.clicks(1, gap)));
        }
      })();
      bench.going = going;
    },
    stop: async () => {
      bench.going.on = false;
      await bench.going.done;
      return bench.going.times;
    },
    // Press the part called `name`.
    press: (name) => {
      const part = find(name);
      (part.querySelector("a[download]") ?? inner(part, "button, a, input")).click();
    },
    until: (start, timeout) => click((next) => next.startsWith(start), timeout),
    // From now on, note when the app can be used: all of it laid out, the button under the pointer. Then
    // click, again if nothing happens, until the handler's answer is there.
    paint: null,
    arm: () => {
      const paint = { shown: 0, answered: 0, clicks: 0 };
      bench.paint = paint;
      const press = () => {
        if (paint.answered || paint.clicks > 10) return;
        paint.clicks++;
        button()?.click();
        setTimeout(press, 1500);
      };
      const frame = () => {
        if (!shown(find("last")) || !clickable(button())) return requestAnimationFrame(frame);
        paint.shown = now();
        const stop = watch((next, time) => {
          if (next !== "ok") return;
          paint.answered = time;
          stop();
        });
        press();
      };
      requestAnimationFrame(frame);
    },
  };
  window.bench = bench;
  if (window !== window.top) bench.arm();
})();
