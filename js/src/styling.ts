/** Style that texts may bring: how they look and how they are laid out, and nothing that loads, moves or covers. */

/** How a text looks. */
const LOOK =
  /^((-webkit-text-fill-)?color|opacity|background(-color|-image|-size|-repeat|-clip|-origin|-position(-[xy])?)?|font(-.*)?|text-(align(-last)?|decoration(-.*)?|transform|shadow)|border(-.*)?|white-space(-.*)?|letter-spacing)$/;
/** How its boxes are laid out, each in the flow of the text around it. */
const LAYOUT =
  /^((min-|max-)?(width|height|inline-size|block-size)|(padding|margin)(-.*)?|display|float|clear|overflow(-[xy]|-wrap)?|visibility|box-(shadow|sizing)|vertical-align|line-height|text-(indent|overflow|wrap.*)|word-(break|spacing|wrap)|hyphens|tab-size|direction|unicode-bidi|list-style(-type|-position)?|quotes|table-layout|caption-side|empty-cells|(row-|column-)?gap|flex(-.*)?|order|(align|justify|place)-(content|items|self)|grid(-.*)?|column(s|-.*)|object-(fit|position)|aspect-ratio|accent-color|user-select|cursor|break-.*)$/;
const LOADING = /url|image-set|element\(|cross-fade|paint\(|src\(|expression|attr\(|env\(/i;

/** What may be less than nothing: elsewhere it would draw a text over its neighbours. */
const SIGNED = /^(background|box-shadow|text-shadow|grid|order|letter-spacing|font|((min|max)-)?(width|height))/;
const LESS = /(^|[^\w.)-])-\s*[\d.(a-z]|\s-\s/i;
/** How much there may be of each unit: more is no text any more, but fills the page. */
const MOST: Record<string, number> = { px: 4000, pt: 3000, mm: 1000, q: 4000, "%": 500, deg: 3600, grad: 4000 };
const MOST_OF_OTHERS = 100;
const AMOUNT = /(\d*\.?\d+(?:e[+-]?\d+)?)([a-z]+|%)/gi;

const KEYWORDS: Record<string, RegExp> = {
  display: /^((inline|block)(-block|-flex|-grid|-table)?|flex|grid|table(-.*)?|list-item|flow-root|contents|none)$/,
  cursor: /^(auto|default|pointer|help|text|not-allowed|progress|wait)$/,
  visibility: /^(visible|hidden)$/,
  "letter-spacing": /^(normal|\.?\d.*|-[0-4]?(\.\d+)?(px|pt)|-0?(\.\d+)?r?em)$/,
};
/** Whose longhands are empty while a custom property in them is not known. */
const SHORTHANDS =
  "background border border-top border-bottom border-left border-right border-radius padding margin font";

const probe = document.createElement("i");

/** The harmless declarations of some CSS. `only`: how things look, not how they are laid out. */
export function harmlessStyle(css: string, only?: "look"): [name: string, value: string][] {
  probe.style.cssText = css;
  const found: [string, string][] = [];
  const names = [...Array.from(probe.style), ...(css.includes("var(") ? SHORTHANDS.split(" ") : [])];
  for (const name of new Set(names)) {
    const value = probe.style.getPropertyValue(name);
    const allowed = LOOK.test(name) || (!only && LAYOUT.test(name));
    if (value && allowed && isHarmless(name, value, only)) found.push([name, value]);
  }
  return found;
}

function isHarmless(name: string, value: string, only?: "look"): boolean {
  if (LOADING.test(value) || (only && value.includes("var("))) return false;
  if (KEYWORDS[name] && !KEYWORDS[name].test(value)) return false;
  if (!SIGNED.test(name) && LESS.test(value)) return false;
  return Array.from(value.replace(/#\w+/g, "").matchAll(AMOUNT)).every(
    ([, amount, unit]) => Number(amount) <= (MOST[unit!.toLowerCase()] ?? MOST_OF_OTHERS),
  );
}
