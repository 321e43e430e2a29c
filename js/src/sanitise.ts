/** Markup from kernels is untrusted text: what comes out of here can not run script, nor place anything but text. */

import createDOMPurify, { type Config } from "dompurify";
import { harmlessStyle } from "./styling";

// An instance of our own: hooks on the shared one would reach the host's.
const purifier = createDOMPurify(window);

const TEXT =
  "a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup data dd del " +
  "details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i ins kbd li main mark nav " +
  "ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr " +
  "tt u ul var wbr #text";
/** `input` for the ticks of task lists alone, see below. */
const SHOWN = "audio img input meter progress source video";
const DRAWN =
  "svg circle clippath defs ellipse g line lineargradient marker mask path pattern polygon polyline " +
  "radialgradient rect stop symbol text textpath tspan";

const OF_TEXT =
  "abbr align bgcolor border cellpadding cellspacing char cite class color colspan datetime dir download face headers " +
  "height hidden href id lang media nowrap open reversed role rowspan scope size span start style title type valign " +
  "value width aria-hidden aria-label data-nbb-formula";
const OF_SHOWN =
  "alt autoplay checked controls crossorigin decoding disabled high loading loop low max min muted optimum playsinline " +
  "poster preload src";
const OF_DRAWN =
  "baseline-shift clip-path clip-rule clippathunits cx cy d dominant-baseline dx dy fill fill-opacity fill-rule " +
  "font-family font-size font-style font-weight fx fy gradienttransform gradientunits letter-spacing marker-end " +
  "marker-mid marker-start markerheight markerunits markerwidth mask maskunits offset opacity orient pathlength " +
  "patterntransform patternunits points preserveaspectratio r refx refy rotate rx ry shape-rendering spreadmethod " +
  "startoffset stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin " +
  "stroke-miterlimit stroke-opacity stroke-width text-anchor textlength transform version viewbox x x1 x2 xmlns y y1 y2";

const words = (...lists: string[]) => lists.join(" ").split(" ");

const config: Config = {
  ALLOWED_TAGS: words(TEXT, SHOWN, DRAWN),
  ALLOWED_ATTR: words(OF_TEXT, OF_SHOWN, OF_DRAWN),
  ALLOW_DATA_ATTR: false, // hosts take orders from some: JupyterLab runs what data-commandlinker-command names
  ALLOW_ARIA_ATTR: false,
};

/** Classes and ids with which we and the hosts mark what is theirs. */
const THEIRS = /^(nbb|jp|lm|p|jupyter|cm|CodeMirror|vscode|monaco|colab|widget|katex|MathJax|vega|modal)(-|_|$)/i;
const ROLES = new Set(["img", "none", "note", "presentation", "text"]);
/** Attributes that may point at a part of a drawing: at one of the same drawing. */
const POINTING = ["clip-path", "fill", "marker-end", "marker-mid", "marker-start", "mask", "stroke"];
/** Attributes in pixels, or like that. */
const SIZES = ["width", "height", "border", "cellpadding", "cellspacing", "size"];
const MOST = 4000;

purifier.addHook("uponSanitizeElement", (node, { tagName }) => {
  if (tagName === "input" && !isTick(node as Element)) (node as Element).remove();
});

/** The tick of a task list: it shows something, and takes nothing. */
function isTick(input: Element): boolean {
  return input.getAttribute("type")?.toLowerCase() === "checkbox" && input.hasAttribute("disabled");
}

purifier.addHook("afterSanitizeAttributes", (element) => {
  if (!element.hasAttributes()) return;
  const href = element.localName === "a" ? element.getAttribute("href") : null;
  if (href && !href.startsWith("#")) {
    element.setAttribute("target", "_blank");
    element.setAttribute("rel", "noopener noreferrer");
  }
  keep(element, "style", (css) => harmlessStyle(css).map(([name, value]) => `${name}: ${value}`));
  keep(element, "class", (names) => names.split(/\s+/).filter((name) => name && !THEIRS.test(name)), " ");
  keep(element, "id", (id) => (isFree(id) ? [id] : []));
  keep(element, "role", (role) => (ROLES.has(role) ? [role] : []));
  for (const name of POINTING) keep(element, name, (value) => (/url\((?!["']?#)/i.test(value) ? [] : [value]));
  for (const name of SIZES) {
    keep(element, name, (size) => (Number.parseFloat(size) > (size.includes("%") ? 100 : MOST) ? [] : [size]));
  }
});

/** Keep those parts of an attribute that are harmless, or none of it. */
function keep(element: Element, name: string, harmless: (value: string) => string[], between = "; "): void {
  const value = element.getAttribute(name);
  if (value === null) return;
  const kept = harmless(value).join(between);
  if (!kept) element.removeAttribute(name);
  else if (kept !== value) element.setAttribute(name, kept);
}

/** Whether no script could take an element of this id for something of its own. */
function isFree(id: string): boolean {
  return !THEIRS.test(id) && !Object.hasOwn(window, id);
}

/** The HTML of a text that says what it says, and no more. What shows it is of class `nbb-held`. */
export function cleanMarkup(html: string): string {
  return purifier.sanitize(html, config) as string;
}
