/** Text in Markdown, for any component that shows some. Its class needs `chunks = PROSE` and `prose_chunks` in Python. */

import { useEffect, useMemo, useRef } from "preact/hooks";
import type * as Highlight from "./chunks/highlight";
import type * as Katex from "./chunks/katex";
import type * as Markdown from "./chunks/markdown";
import { toClipboard } from "./copy";
import { ChunkError, WithChunk } from "./runtime/chunks";
import type { AppFace } from "./runtime/define";
import "./prose.css";
import "./syntax.css";

export interface ProseProps {
  app: Pick<AppFace, "chunk">;
  text: string;
  /** Keep single line breaks. */
  breaks?: boolean;
  /** Leave HTML in the text as it is. */
  raw?: boolean;
  /** What stands around formulas. */
  delimiters?: readonly Markdown.Delimiter[];
  /** Give headings links to themselves; their ids begin with this. */
  headings?: string | undefined;
  rtl?: boolean;
  class?: string;
}

/** Draw a text; formulas and the colours of code follow when their chunks are there. */
export function Prose(props: ProseProps) {
  return (
    <WithChunk<typeof Markdown> of={props.app.chunk("markdown")} height={placeOf(props.text)}>
      {(markdown) => <Drawn markdown={markdown} {...props} />}
    </WithChunk>
  );
}

function Drawn({
  markdown,
  app,
  text,
  breaks,
  raw,
  delimiters,
  headings,
  rtl,
  ...rest
}: ProseProps & { markdown: typeof Markdown }) {
  const katex = delimiters?.some(({ left }) => text.includes(left)) ? app.chunk<typeof Katex>("katex").value : null;
  const colours = /^ {0,3}(```|~~~)/m.test(text) ? app.chunk<typeof Highlight>("highlight").value : null;
  const formula = katex?.module?.renderFormula;
  const highlight = colours?.module?.highlightCode;
  const html = useMemo(
    () => markdown.renderMarkdown(text, { breaks, raw, delimiters, headings, formula, highlight }),
    [markdown, text, breaks, raw, JSON.stringify(delimiters), headings, formula, highlight],
  );
  const marks = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(
    () => () => {
      for (const mark of marks.current) clearTimeout(mark);
    },
    [],
  );
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard clicks links and buttons too */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it is the links and buttons inside that act */}
      <div
        class={`nbb-prose${raw ? "" : " nbb-held"}${rest.class ? ` ${rest.class}` : ""}`}
        dir={rtl ? "rtl" : undefined}
        onClick={(event) => {
          follow(event, headings);
          void copyCode(event, marks.current);
        }}
        dangerouslySetInnerHTML={{ __html: html }}
      />
      {katex?.error !== undefined && <ChunkError chunk={katex} />}
      {colours?.error !== undefined && <ChunkError chunk={colours} />}
    </>
  );
}

/** Scroll to a heading of the app: the page's address is the host's, which may take it for a place of its own. */
function follow(event: MouseEvent, prefix: string | undefined): void {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
  const prose = link?.closest(".nbb-prose");
  if (!link || !prose) return;
  const name = link.getAttribute("href")!.slice(1);
  const isIt = ({ id }: Element) => [id, encodeURI(id)].some((one) => one === name || one === `${prefix}-${name}`);
  const inside = (scope: Element | null) => Array.from(scope?.querySelectorAll("[id]") ?? []).find(isIt);
  const target = inside(prose) ?? inside(prose.closest(".nbb"));
  if (!target) return;
  event.preventDefault();
  target.scrollIntoView({ behavior: "smooth", block: "nearest" });
}

/** Put a block of code on the clipboard, if its button was pressed; `marks` are the timers that say so for a while. */
async function copyCode({ target }: MouseEvent, marks: Set<ReturnType<typeof setTimeout>>): Promise<void> {
  const button = target instanceof Element ? target.closest(".nbb-pre-copy") : null;
  if (!button) return;
  await toClipboard(button.previousElementSibling?.textContent ?? "");
  button.classList.add("nbb-done");
  button.setAttribute("aria-label", "Copied");
  const mark = setTimeout(() => {
    marks.delete(mark);
    button.classList.remove("nbb-done");
    button.setAttribute("aria-label", "Copy");
  }, 1500);
  marks.add(mark);
}

/** About as high as the text will be. */
function placeOf(text: string): string | undefined {
  const lines = text.split("\n").filter((line) => line.trim()).length;
  return lines > 1 ? `${Math.min(lines, 12)}lh` : undefined;
}
