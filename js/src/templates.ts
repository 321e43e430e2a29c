/** Templates of authors, written as the inside of a template literal, filled with values that are only text. */

import { Recent } from "./recent";

/** Characters that mean something in markup, in attributes without quotes, and in Handlebars. */
const MEANT = /[&<>"'`={}]/g;
/** What stands for them while a template is filled: one character for each, so that texts keep their length. */
const STANDS = 0xf700;
const STANDING = /[\uf700-\uf77f]/g;

/** A copy of data with no character in its texts that would mean something in markup; `inMarkup` puts them back. */
export function guarded(value: unknown): unknown {
  return mapped(value, (text) => text.replace(MEANT, (char) => String.fromCharCode(STANDS + char.charCodeAt(0))));
}

/** The markup made with `guarded` data, where these characters are now text. */
export function inMarkup(filled: string): string {
  return filled.replace(STANDING, (char) => `&#${char.charCodeAt(0) - STANDS};`);
}

/** A copy of data with what could end a declaration left out of all texts in it. */
export function withinStyle(value: unknown): unknown {
  return mapped(value, (text) => text.replace(/[{}<>;\\]|\/\*/g, ""));
}

function mapped(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapped(one, change));
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, change)]));
  return value;
}

type Fill = (...values: unknown[]) => string;
const made = new Recent<Fill>();
const NAME = /^[A-Za-z_$][\w$]*$/;

/**
 * Fill a template with values by name.
 *
 * @throws what an expression in it throws, such as a ReferenceError for a name without a value
 */
export function filled(template: string, values: Record<string, unknown>): string {
  const names = Object.keys(values).filter((name) => NAME.test(name));
  const key = `${names.join()}\n${template}`;
  const fill = made.get(key, () => new Function(...names, `return \`${template}\`;`) as Fill);
  return fill(...names.map((name) => values[name]));
}

/** Take addresses that run script out of markup, unless its author has written one into the template. */
export function withoutScripts(html: string, template: string): string {
  if (!html.includes(":") || /javascript:/i.test(template)) return html;
  const box = document.createElement("template");
  box.innerHTML = html;
  for (const element of box.content.querySelectorAll(ADDRESSES.map((name) => `[${name}]`).join())) {
    for (const name of ADDRESSES) if (isScript(element.getAttribute(name))) element.removeAttribute(name);
  }
  return box.innerHTML;
}

const ADDRESSES = ["href", "src", "action", "formaction", "data"];

/** The browser's own reading: it ignores spaces and control characters. */
function isScript(address: string | null): boolean {
  try {
    return address !== null && new URL(address, "http://here.invalid/").protocol === "javascript:";
  } catch {
    return false;
  }
}
