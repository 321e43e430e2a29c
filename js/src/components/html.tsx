import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type * as Bars from "../chunks/handlebars";
import type * as Markup from "../chunks/html";
import { defaults, type HTMLEvent, type HTMLProps } from "../contract";
import { cssLength } from "../lengths";
import "../prose.css";
import { ChunkError, WithChunk } from "../runtime/chunks";
import { type Context, define } from "../runtime/define";
import { addHead } from "../runtime/head";
import { same } from "../runtime/same";
import { filled, guarded, inMarkup, withinStyle, withoutScripts } from "../templates";
import "./html.css";

type Html = Context<HTMLProps, HTMLEvent>;

const { html_template: PLAIN, js_on_load: CLICKS } = defaults.html as { html_template: string; js_on_load: string };

export default define<HTMLProps, HTMLEvent>(
  (context) => {
    const { props, app, children } = context;
    const plain = props.html_template === PLAIN && !props.css_template;
    const text = plain ? String(props.value ?? "") : props.html_template;
    return (
      <>
        {props.show_label && props.label ? <div class="nbb-caption">{props.label}</div> : null}
        {props.tools > 0 && <div class="nbb-tools nbb-html-tools">{children.slice(0, props.tools)}</div>}
        {text !== "" && (
          <WithChunk<typeof Markup> of={app.chunk("html")} height="1lh">
            {(markup) => <Shown {...context} markup={markup} />}
          </WithChunk>
        )}
      </>
    );
  },
  ({ props, emit }) => ({
    onClick: props.js_on_load === CLICKS ? () => emit("click") : undefined,
    class: props.container || props.padding ? "nbb-panel" : undefined,
    style: {
      minHeight: cssLength(props.min_height),
      maxHeight: cssLength(props.max_height),
      overflow: props.max_height ? "auto" : undefined,
    },
  }),
);

type Watch = [names: string[], callback: () => void];

/** The markup itself. What is inside belongs to the author's script: it is changed in place, never drawn anew. */
function Shown(context: Html & { markup: typeof Markup }) {
  const { props, node, app, markup, children } = context;
  const element = useRef<HTMLDivElement>(null);
  const before = useRef<HTMLDivElement>(null);
  const after = useRef<HTMLDivElement>(null);
  /** Values by name as templates and script see them; the script may have set some in this page alone. */
  const values = useRef<Record<string, unknown>>({});
  const fromKernel = useRef<Record<string, unknown>>({});
  const watches = useRef<Watch[]>([]);
  const problem = useRef<HTMLDivElement>(null);
  const style = useRef<HTMLStyleElement>(null);
  const ready = useRef(false);

  const { html_template, css_template } = props;
  const bars = [html_template, css_template].some((template) => template.includes("{{"));
  const chunk = bars ? app.chunk<typeof Bars>("handlebars").value : null;
  const fill = chunk?.module?.fill;
  const waits = bars && !fill;
  const inner = children.slice(props.tools);
  const parts = inner.length ? html_template.split(/@children([\s\S]*)/, 2) : [html_template];

  /** Fill one template; what goes wrong in it is said in its place. */
  const fillIn = (template: string, name: string, change: (value: unknown) => unknown): string => {
    if (template === PLAIN) return markup.cleanMarkup(String(values.current.value ?? ""));
    try {
      const text = inMarkup(filled(template, change(values.current) as Record<string, unknown>));
      return template.includes("{{") && fill ? fill(text, values.current, markup.cleanMarkup) : text;
    } catch (error) {
      console.error(`nbblocks: the ${name} of an HTML block could not be filled`, error);
      if (problem.current) problem.current.textContent = `${name}: ${error instanceof Error ? error.message : error}`;
      return "";
    }
  };
  const drawNow = () => {
    const box = element.current;
    if (!box || waits) return;
    if (problem.current) problem.current.textContent = "";
    const frame = box.closest<HTMLElement>(".nbb-html") ?? box;
    const atEnd = frame.scrollHeight - frame.scrollTop - frame.clientHeight < 40;
    const first = withoutScripts(fillIn(parts[0] ?? "", "html_template", guarded), html_template);
    markup.morph(before.current ?? box, first);
    if (after.current)
      markup.morph(after.current, withoutScripts(fillIn(parts[1] ?? "", "html_template", guarded), html_template));
    const css = css_template && fillIn(css_template, "css_template", withinStyle);
    if (style.current)
      style.current.textContent = css ? `.nbb .nbb-html-body[data-html="${node.domId}"] {\n${css}\n}` : "";
    if (props.autoscroll && atEnd) frame.scrollTop = frame.scrollHeight;
  };
  const draw = useRef(drawNow);
  draw.current = drawNow;

  const { value, label, visible } = props;
  const now: Record<string, unknown> = { value: value ?? "", label, visible, ...props.props };
  useLayoutEffect(() => {
    const changed = Object.keys(now).filter((name) => !same(now[name], fromKernel.current[name]));
    const news = changed.filter((name) => !same(now[name], values.current[name]));
    fromKernel.current = now;
    // The script may change them in place: they are its own.
    for (const name of changed) values.current[name] = structuredClone(now[name]);
    draw.current();
    if (!ready.current || !news.length) return;
    for (const [names, callback] of watches.current) if (names.some((name) => news.includes(name))) callback();
  });

  useEffect(() => {
    if (waits) return;
    let gone = false;
    ready.current = true;
    const { js_on_load, head } = props;
    const begin = async () => {
      if (head) await addHead(head, element.current!);
      if (gone || !element.current || !js_on_load || js_on_load === CLICKS) return;
      const face = faceOf(context, values, draw, watches);
      new Function(...Object.keys(face), "element", js_on_load)(...Object.values(face), element.current);
    };
    begin().catch((error: unknown) => {
      console.error("nbblocks: js_on_load of an HTML block failed", error);
      const message = error instanceof Error ? error.message : String(error);
      if (problem.current) problem.current.textContent = `js_on_load: ${message}`;
    });
    return () => {
      gone = true;
      watches.current = [];
    };
  }, [waits]);

  return (
    <>
      <style ref={style} />
      <div ref={problem} class="nbb-html-problem" role="alert" />
      {chunk?.error !== undefined && <ChunkError chunk={chunk} />}
      {inner.length ? (
        <div ref={element} class={classOf(props)} data-html={node.domId}>
          <div ref={before} class="nbb-html-part" />
          <div class="nbb-html-children">{inner}</div>
          <div ref={after} class="nbb-html-part" />
        </div>
      ) : (
        <div ref={element} class={classOf(props)} data-html={node.domId} />
      )}
    </>
  );
}

/** An address for a file, which may stand in the value: good as long as the app is on the page. */
function addressOf(file: File, company: Html["app"]["company"]): string {
  const url = URL.createObjectURL(file);
  company.atEnd(() => URL.revokeObjectURL(url));
  return url;
}

function classOf({ apply_default_css, html_template }: HTMLProps): string {
  const held = html_template === PLAIN ? " nbb-held" : "";
  return `nbb-html-body${held}${apply_default_css === false ? "" : " nbb-prose"}`;
}

/** What `js_on_load` is given by name, besides `element`. */
function faceOf(
  { emit, set, app, props }: Html,
  values: { current: Record<string, unknown> },
  draw: { current: () => void },
  watches: { current: Watch[] },
) {
  let planned = false;
  const soon = () => {
    if (planned) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      draw.current();
    });
  };
  const report = emit as (event: string, report?: { value?: unknown; data?: Record<string, unknown> }) => void;
  return {
    trigger: (event: string, data: Record<string, unknown> = {}) => report(event, { data }),
    props: new Proxy(values.current, {
      set(target, name, value) {
        if (typeof name !== "string") return false;
        if (Object.is(target[name], value)) return true;
        target[name] = value;
        if (name === "value") report("change", { value: structuredClone(value) });
        else if (name === "label" || name === "visible") set(name, value as never);
        soon();
        return true;
      },
    }),
    server: Object.fromEntries(
      props.server_functions.map((name) => [
        name,
        (...given: unknown[]) => app.ask({ function: name, arguments: given }),
      ]),
    ),
    upload: async (file: File) => {
      const record = await app.upload(file).result;
      return { ...record, url: record.url ?? addressOf(file, app.company) };
    },
    watch: (names: string | string[], callback: () => void) => {
      watches.current.push([[names].flat(), callback]);
    },
  };
}
