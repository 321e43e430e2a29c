/** Markdown as HTML. Formulas and the colours of code come from chunks of their own, see `katex` and `highlight`. */

import { Marked } from "marked";
import { escaped } from "../escaping";
import { type Delimiter, type Formula, formulas } from "../formulas";
import { cleanMarkup } from "../sanitise";

export { cleanMarkup, type Delimiter };

export interface MarkdownOptions {
  /** Keep single line breaks. */
  breaks?: boolean;
  /** Leave HTML in the text as it is: its author is to be trusted like the author of the app. */
  raw?: boolean;
  /** What stands around formulas; none by default. */
  delimiters?: readonly Delimiter[];
  /** HTML of a formula; without it formulas stay as they were written. */
  formula?: ((tex: string, display: boolean) => string) | undefined;
  /** HTML of code, or null if the language is not known; without it code stays plain. */
  highlight?: ((code: string, language: string) => string | null) | undefined;
  /** Give each heading an id that begins so, and a link to itself. */
  headings?: string | undefined;
}

/** The HTML of a text in Markdown, sanitised. It belongs into an element of class `nbb-prose`. */
export function renderMarkdown(text: string, options: MarkdownOptions = {}): string {
  const found: Formula[] = [];
  const keep = (formula: Formula) => {
    found.push(formula);
    const tag = formula.type === "formula" ? "span" : "div";
    return `<${tag} data-nbb-formula="${found.length - 1}">${escaped(formula.raw.trim())}</${tag}>`;
  };
  const marked = new Marked({ gfm: true, breaks: options.breaks ?? false });
  if (options.delimiters?.length) marked.use(formulas(options.delimiters, keep));
  const html = marked.parse(text, { async: false });
  const box = document.createElement("template");
  box.innerHTML = options.raw ? html : cleanMarkup(html);
  finish(box.content, found, options);
  return box.innerHTML;
}

/** What the sanitiser need not see: our own markup, made of text alone. */
function finish(content: DocumentFragment, found: readonly Formula[], options: MarkdownOptions): void {
  // Named by what was written, not by how formulas in them are drawn.
  if (options.headings !== undefined) linkHeadings(content, options.headings);
  for (const place of content.querySelectorAll("[data-nbb-formula]")) {
    const formula = found[Number(place.getAttribute("data-nbb-formula"))];
    place.removeAttribute("data-nbb-formula");
    if (!formula) continue;
    place.classList.add("nbb-formula");
    if (options.formula) place.innerHTML = options.formula(formula.tex, formula.display);
  }
  for (const code of content.querySelectorAll('pre > code[class^="language-"]')) {
    const language = code.className.slice("language-".length).toLowerCase();
    const html = options.highlight?.(code.textContent ?? "", language);
    if (html) code.innerHTML = html;
  }
  for (const pre of content.querySelectorAll("pre:has(> code)")) {
    const frame = document.createElement("div");
    frame.className = "nbb-pre";
    pre.replaceWith(frame);
    frame.append(pre);
    frame.insertAdjacentHTML("beforeend", '<button type="button" class="nbb-pre-copy" aria-label="Copy"></button>');
  }
  for (const link of content.querySelectorAll("a[href]:not([href^='#'], [target])")) {
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
  }
}

function linkHeadings(content: DocumentFragment, prefix: string): void {
  const taken = new Map<string, number>();
  for (const heading of content.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const slug = slugOf(heading.textContent ?? "");
    const count = taken.get(slug) ?? 0;
    taken.set(slug, count + 1);
    const name = count ? `${slug}-${count}` : slug;
    heading.id = `${prefix}-${name}`;
    const link = document.createElement("a");
    link.className = "nbb-heading-link";
    link.href = `#${name}`;
    link.setAttribute("aria-label", `Link to “${heading.textContent?.trim()}”`);
    link.textContent = "#";
    heading.append(" ", link);
  }
}

/** As GitHub names headings. */
function slugOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
    .replace(/ /g, "-");
}
