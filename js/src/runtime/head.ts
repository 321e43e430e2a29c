/** Scripts, styles and links that an author adds to the page: `head` of the app (AP-17), and of HTML. */

import { isShadow, rootsOf } from "../roots";

/** What went in, or is on its way, by its source: also by another version of this code in the same page. */
const ADDED = Symbol.for("nbblocks.head");

/** Ms after which nothing waits any longer for a script: networks that drop what goes outside tell nobody. */
export const PATIENCE = 10_000;

type Marked = Document & { [ADDED]?: Map<string, Promise<void>> };

/**
 * Add what the page does not have yet, one after the other.
 *
 * Styles go into the shadow root, too, if `place` is in one. Resolves when the scripts have run, but for those with
 * `async`.
 * @throws the first error, at the end, if one cannot be loaded or the page allows none
 */
export async function addHead(html: string, place: Element): Promise<void> {
  const doc: Marked = place.ownerDocument;
  const template = doc.createElement("template");
  template.innerHTML = html;
  doc[ADDED] ??= new Map();
  const added = doc[ADDED];
  const errors: unknown[] = [];
  for (const given of template.content.children) {
    if (!isWelcome(given)) continue;
    const key = given.outerHTML;
    let coming = added.get(key);
    if (!coming) {
      coming = given.localName === "script" ? run(given as HTMLScriptElement, doc) : put(given, doc);
      added.set(key, coming);
      // The next view, perhaps of a cell that was run again, tries it anew.
      coming.catch(() => added.delete(key));
    }
    for (const root of rootsOf(place).filter(isShadow)) style(root, given);
    await coming.catch((error: unknown) => errors.push(error));
  }
  if (errors.length) throw errors[0];
}

/** The rest would change what is not the app's: the page's title, its base address, its rules. */
function isWelcome(el: Element): boolean {
  return (
    ["script", "style", "link"].includes(el.localName) || (el.localName === "meta" && !el.hasAttribute("http-equiv"))
  );
}

/** Style sheets of the document do not reach into a shadow root. */
function style(root: ShadowRoot, el: Element): void {
  if (el.localName !== "style" && !(el.localName === "link" && /\bstylesheet\b/i.test(el.getAttribute("rel") ?? "")))
    return;
  if (![...root.children].some((one) => one.isEqualNode(el))) root.append(root.ownerDocument.importNode(el, true));
}

async function put(el: Element, doc: Document): Promise<void> {
  doc.head.append(doc.importNode(el, true));
}

/** A script that was parsed with a text never runs: one made here does. */
function run(given: HTMLScriptElement, doc: Document): Promise<void> {
  const script = doc.createElement("script");
  for (const { name, value } of given.attributes) script.setAttribute(name, value);
  script.text = given.text;
  const { src } = script;
  return new Promise((resolve, reject) => {
    const forbidden = () => over(() => reject(new Error(`this page does not allow the script ${src || "in head"}`)));
    script.addEventListener("securitypolicyviolation", forbidden);
    script.addEventListener("load", () => over(resolve));
    script.addEventListener("error", () => over(() => reject(new Error(`${src || "a script"} could not be loaded`))));
    const late = setTimeout(() => reject(new Error(`${src} has not come yet`)), PATIENCE);
    const over = (act: () => void) => {
      clearTimeout(late);
      act();
    };
    doc.head.append(script);
    // What stands in the text has run by now, or is told to be forbidden before the next turn.
    if (!src || given.async || !willRun(script)) setTimeout(() => over(resolve));
  });
}

/** Whether browsers of today run it: they do not even fetch what else stands in scripts. */
function willRun(script: HTMLScriptElement): boolean {
  const type = script.type.trim();
  return (
    !script.hasAttribute("nomodule") &&
    (!type || type === "module" || /^(text|application)\/(java|ecma)script$/i.test(type))
  );
}
