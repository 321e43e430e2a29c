/** What a handler has displayed, in the log drawer: markup is sanitised, and nothing of it runs. */

import { useEffect, useRef, useState } from "preact/hooks";
import type * as Html from "../chunks/html";
import { drawWidget } from "../guests";
import { Prose } from "../prose";
import type { App } from "./app";
import { WithChunk } from "./chunks";

/** One form of something that was displayed. */
export interface Shown {
  form: string;
  value: unknown;
  shape?: { width?: number; height?: number } | undefined;
}

const WIDGET = "application/vnd.jupyter.widget-view+json";
const FORMULAS = [
  { left: "$$", right: "$$", display: true },
  { left: "$", right: "$", display: false },
  { left: "\\(", right: "\\)", display: false },
  { left: "\\[", right: "\\]", display: true },
];

function Showing({ app, form, value, shape }: Shown & { app: App }) {
  if (form === WIDGET) return <Guest app={app} id={String((value as { model_id?: unknown })?.model_id)} />;
  if (form.startsWith("image/")) {
    const content = form === "image/svg+xml" ? encodeURIComponent(String(value)) : String(value);
    const source = `data:${form}${form === "image/svg+xml" ? ";charset=utf-8" : ";base64"},${content}`;
    return <img class="nbb-log-image" src={source} alt="" {...shape} />;
  }
  if (form === "text/html")
    return (
      <WithChunk<typeof Html> of={app.chunks.of<typeof Html>("html")}>
        {({ cleanMarkup }) => <Markup html={cleanMarkup(String(value))} />}
      </WithChunk>
    );
  if (form === "text/markdown" || form === "text/latex") {
    const face = { chunk: <T,>(name: string) => app.chunks.of<T>(name) };
    return <Prose app={face} text={String(value)} delimiters={FORMULAS} />;
  }
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return <>{`${text}\n`}</>;
}

/** Drawn by the log as `Shown` with the app, in a part of the bundle: most logs are text alone. */
export default { draw: Showing };

function Markup({ html }: { html: string }) {
  return <div class="nbb-prose" dangerouslySetInnerHTML={{ __html: html }} />;
}

function Guest({ app, id }: { app: App; id: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  useEffect(() => {
    const gone = new AbortController();
    drawWidget({ manager: app.raw.widget_manager, host: app.host }, id, place.current!, gone.signal).catch(
      (error: unknown) => {
        if (!gone.signal.aborted) setFault(error instanceof Error ? error.message : String(error));
      },
    );
    return () => gone.abort();
  }, [app, id]);
  return (
    <>
      <div ref={place} />
      {fault && <span>This widget cannot be shown here: {fault}</span>}
    </>
  );
}
