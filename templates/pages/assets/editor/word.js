// SPDX-License-Identifier: GPL-3.0-or-later
// What is pasted from word processors, made plain HTML.  Word writes a list as paragraphs that say in
// their style of which list and level they are ("mso-list: l0 level2 lfo1"), with the sign as ignored
// text; Word's web pages give each point a list of its own; LibreOffice and Google Docs put a list
// into a list instead of into a point of it.  Here all of them become lists in lists.

const LISTS = ["OL", "UL"];
const BY_STYLE = { decimal: "1", "lower-alpha": "a", "upper-alpha": "a", "lower-latin": "a", "lower-roman": "i", "upper-roman": "i" };
const WRAPPERS = "div, font, center, a, article, section, header, main, body > span:only-child, o\\:p";

function styleOf(element, property) {
  const found = new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([^;]+)`, "i").exec(element.getAttribute("data-style") ?? "");

  return found ? found[1].trim().toLowerCase() : "";
}

// --- Lists of Word -------------------------------------------------------------------------------

function typeOf(sign) {
  const [, core = "", end = ""] = /^\(?([0-9]+|[a-zA-Z]+|[^0-9a-zA-Z]*)([.)]?)/.exec(sign) ?? [];
  const isNumber = /^[0-9]/.test(core);

  // a lone "o" is the round bullet of Word's second level
  if ((!isNumber && !/^[a-zA-Z]/.test(core)) || (core === "o" && end === "")) return null;
  if (sign.startsWith("(")) return isNumber ? "(1)" : "(a)";
  if (/^[ivx]{2,}$/i.test(core) || /^i$/i.test(core)) return "i";
  return (isNumber ? "1" : "a") + (end === ")" ? ")" : "");
}

// { list, level } of a paragraph; level 0: of none.
function placeOf(p) {
  const [, list, level] = /^(l\d+)\s+level(\d)/.exec(styleOf(p, "mso-list")) ?? [];

  return { list, level: Number(level ?? 0) };
}

// Takes the sign out of a paragraph of Word's, and tells it.
function takeSign(p) {
  const ignored = Array.from(p.querySelectorAll("span")).find((one) => styleOf(one, "mso-list") === "ignore");
  const sign = (ignored?.textContent ?? "").replace(/\u00a0/g, " ").trim();

  ignored?.remove();
  return sign;
}

function newList(document, sign) {
  const type = typeOf(sign);
  const list = document.createElement(type === null ? "ul" : "ol");
  const [start] = /[0-9]+/.exec(sign) ?? [];

  if (type !== null) list.setAttribute("data-type", type);
  if (start > 1) list.setAttribute("start", start);
  return list;
}

// Paragraphs of one list, one after the other, become lists in lists.
function buildLists(document) {
  const open = []; // { level, list, name }
  let last = null;

  for (const p of Array.from(document.body.querySelectorAll("p, h1, h2, h3, h4, h5, h6"))) {
    const { list: name, level } = placeOf(p);

    if (level === 0) continue;
    if (last === null || p.previousElementSibling !== last) open.length = 0;
    while (open.length > 0 && (open[open.length - 1].level > level ||
      (open[open.length - 1].level === level && open[open.length - 1].name !== name))) open.pop();
    const sign = takeSign(p);
    if (open.length === 0 || open[open.length - 1].level < level) {
      const list = newList(document, sign);

      if (open.length === 0) p.before(list);
      else open[open.length - 1].list.lastElementChild.append(list);
      open.push({ level, list, name });
    }
    const item = open[open.length - 1].list.appendChild(document.createElement("li"));
    item.appendChild(document.createElement("p")).append(...p.childNodes);
    p.remove();
    last = open[0].list;
  }
}

// --- Lists of others -----------------------------------------------------------------------------

function nameTypes(document) {
  for (const list of document.querySelectorAll("ol:not([data-type])")) {
    const style = styleOf(list, "list-style-type") || (list.firstElementChild ? styleOf(list.firstElementChild, "list-style-type") : "");
    const type = BY_STYLE[style];

    if (type) list.setAttribute("data-type", type);
  }
}

// A list that stands where a point should belongs to the point before it.
function nestLists(document) {
  for (const list of Array.from(document.querySelectorAll("ol > ol, ol > ul, ul > ol, ul > ul"))) {
    const before = list.previousElementSibling;

    if (before?.nodeName === "LI") before.append(list);
    else list.replaceWith(...list.childNodes);
  }
}

// One list for each point, with its level: Word's web pages.
function joinLists(document) {
  const open = []; // { level, list }

  for (const item of Array.from(document.querySelectorAll("li[data-aria-level]"))) {
    const list = item.parentNode;
    const level = Number(item.getAttribute("data-aria-level"));

    if (list.children.length === 1) {
      if (open.length === 0 || list.previousElementSibling !== open[0].list) open.length = 0;
      while (open.length > 0 && open[open.length - 1].level > level) open.pop();
      const top = open[open.length - 1];
      if (top?.level === level && top.list.nodeName === list.nodeName) {
        top.list.append(item);
        list.remove();
        continue;
      }
      if (top?.level === level) open.pop();
      if (open.length > 0) open[open.length - 1].list.lastElementChild.append(list);
      open.push({ level, list });
    }
  }
}

// --- Letters and lines ---------------------------------------------------------------------------

function wrap(element, name) {
  const inner = element.ownerDocument.createElement(name);

  inner.append(...element.childNodes);
  element.append(inner);
}

// What styles say that a letter can say too; the rest of them is left behind.
function readStyles(document) {
  for (const element of Array.from(document.body.querySelectorAll("[data-style]"))) {
    const isLine = ["P", "LI", "TD", "TH", "SPAN", "DIV"].includes(element.nodeName);
    const isSpan = element.nodeName === "SPAN";

    if (isLine && styleOf(element, "text-align") === "center") element.setAttribute("align", "center");
    if (isSpan && /^(bold|[6-9]00)/.test(styleOf(element, "font-weight"))) wrap(element, "b");
    if (isSpan && styleOf(element, "font-style") === "italic") wrap(element, "i");
    if (isSpan && /underline/.test(styleOf(element, "text-decoration"))) wrap(element, "u");
    if (isSpan && styleOf(element, "vertical-align") === "super") wrap(element, "sup");
    if (isSpan && styleOf(element, "vertical-align") === "sub") wrap(element, "sub");
  }
}

function dropForeign(document) {
  const comments = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT);
  const gone = [];

  while (comments.nextNode()) gone.push(comments.currentNode);
  gone.push(...document.querySelectorAll("style, script, meta, link, title, img, xml, object, iframe, svg"));
  gone.forEach((node) => node.remove());
  for (const one of Array.from(document.body.getElementsByTagName("*"))) {
    if (one.localName.includes(":")) one.replaceWith(...one.childNodes); // o:p and its like
  }
}

function simplify(document) {
  // the whole of what Google Docs gives is in a <b> that is not bold
  document.querySelectorAll("b").forEach((b) => {
    if (/^(normal|400)/.test(styleOf(b, "font-weight")) || b.id.startsWith("docs-internal")) b.replaceWith(...b.childNodes);
  });
  // headings are bold lines here: the letter's own headings are made on purpose
  document.querySelectorAll("h1, h2, h3, h4, h5, h6").forEach((heading) => {
    const p = document.createElement("p");

    p.append(...heading.childNodes);
    wrap(p, "b");
    heading.replaceWith(p);
  });
  document.querySelectorAll(WRAPPERS).forEach((wrapper) => {
    if (wrapper.nodeName !== "DIV" || wrapper.querySelector("p, ol, ul, table, div")) wrapper.replaceWith(...wrapper.childNodes);
  });
}

export function plainHtml(html) {
  // styles are read, never taken over; under another name a strict page does not complain of them
  const quiet = html.replace(/<!\[[^>]*>/g, "").replace(/<style[\s>][\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\s(style|on[a-z]+)(?=\s*=)/gi, " data-$1"));
  const { body } = new DOMParser().parseFromString(quiet, "text/html");
  const document = body.ownerDocument;

  dropForeign(document);
  simplify(document);
  buildLists(document);
  nameTypes(document);
  joinLists(document);
  nestLists(document);
  readStyles(document);
  body.querySelectorAll("*").forEach((one) => one.removeAttribute("data-style"));
  return body.innerHTML.replace(/&nbsp;|\u00a0/g, " ");
}
