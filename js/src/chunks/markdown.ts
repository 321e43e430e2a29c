/** Markdown as HTML that can not run script. */

import { Marked } from "marked";
import { cleanMarkup, cleanProse } from "../sanitise";

export { cleanMarkup, cleanProse };

export interface MarkdownOptions {
  /** Keep single line breaks. */
  breaks?: boolean;
  /** Let styles and forms in HTML stay; script goes all the same. */
  trusted?: boolean;
}

const marked = new Marked({ gfm: true });

/** The HTML of a text in Markdown, sanitised. */
export function renderMarkdown(text: string, { breaks = false, trusted = false }: MarkdownOptions = {}): string {
  const html = marked.parse(text, { async: false, breaks });
  return trusted ? cleanMarkup(html) : cleanProse(html);
}
