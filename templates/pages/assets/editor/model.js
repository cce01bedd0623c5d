// SPDX-License-Identifier: GPL-3.0-or-later
// What may stand in a letter, as templates/schema/letter.rng says it, and how it is read from the
// letter's XML and written again.  What an editor has no hands for is kept as it is.
import { Schema } from "prosemirror-model";

const MARKS = ["b", "i", "u", "sup", "sub"];
const BLOCKS = new Set(["body", "section", "ol", "ul", "rows", "table", "thead", "tbody", "tr"]); // of elements alone
const LIST_TYPES = ["1", "a", "1)", "a)", "(1)", "(a)", "i"];
const BLOCK = "p | ol | ul | table | rows | kept";

function mark(tag, ...more) {
  return { parseDOM: [{ tag }, ...more], toDOM: () => [tag, 0] };
}

function cell(tag) {
  return {
    attrs: { colspan: { default: 1 }, rowspan: { default: 1 }, align: { default: null }, colwidth: { default: null } },
    content: "(p | ol | ul)+",
    tableRole: tag === "th" ? "header_cell" : "cell",
    isolating: true,
    parseDOM: [{ tag, getAttrs: (dom) => ({ colspan: span(dom, "colspan"), rowspan: span(dom, "rowspan") }) }],
    toDOM: ({ attrs }) => [tag, {
      colspan: attrs.colspan > 1 ? attrs.colspan : null,
      rowspan: attrs.rowspan > 1 ? attrs.rowspan : null,
      class: attrs.align ? `nsk-align-${attrs.align}` : null,
    }, 0],
  };
}

function span(dom, name) {
  return Math.min(Math.max(Number(dom.getAttribute(name)) || 1, 1), 50);
}

// Without characters that XML has no room for.
function fit(text) {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/g,
    (found) => (found.length > 1 ? found : ""));
}

function alignOf(dom) {
  const align = dom.getAttribute("align") || (dom.classList.contains("nsk-align-center") ? "center" : null);

  return ["center", "left", "justify"].includes(align) ? align : null;
}

function listType(dom) {
  const type = dom.getAttribute("data-type") || { a: "a", A: "a", i: "i", I: "i" }[dom.getAttribute("type")];

  return LIST_TYPES.includes(type) ? type : "1";
}

export const schema = new Schema({
  nodes: {
    doc: { content: `(${BLOCK} | section)+` },
    p: {
      group: "block",
      attrs: { align: { default: null } },
      content: "inline*",
      parseDOM: [{ tag: "p", getAttrs: (dom) => ({ align: alignOf(dom) === "center" ? "center" : null }) }],
      toDOM: ({ attrs }) => ["p", { class: attrs.align ? `nsk-align-${attrs.align}` : null }, 0],
    },
    section: {
      content: `title (${BLOCK} | part)+`,
      defining: true,
      parseDOM: [{ tag: "section" }],
      toDOM: () => ["section", 0],
    },
    part: {
      content: `title (${BLOCK})+`,
      defining: true,
      parseDOM: [{ tag: "article" }],
      toDOM: () => ["article", 0],
    },
    title: {
      content: "text*",
      marks: "",
      defining: true,
      parseDOM: [{ tag: "header" }],
      toDOM: () => ["header", { class: "nsk-title" }, 0],
    },
    ol: {
      content: "li+",
      attrs: { type: { default: "1" }, start: { default: 1 }, plain: { default: false } },
      parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ type: listType(dom), start: Number(dom.getAttribute("start")) || 1 }) }],
      toDOM: ({ attrs }) => ["ol", { "data-type": attrs.type, start: attrs.start > 1 ? attrs.start : null }, 0],
    },
    ul: { content: "li+", parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
    li: {
      content: "p (p | ol | ul | table | rows | kept)*",
      defining: true,
      parseDOM: [{ tag: "li" }],
      toDOM: () => ["li", 0],
    },
    rows: { content: "row+", isolating: true, parseDOM: [{ tag: "dl" }], toDOM: () => ["dl", { class: "nsk-rows" }, 0] },
    row: {
      content: "label p (p | ol | ul | rows | kept)*",
      parseDOM: [{ tag: "div.nsk-row" }],
      toDOM: () => ["div", { class: "nsk-row" }, 0],
    },
    label: { content: "text*", marks: "", parseDOM: [{ tag: "dt" }], toDOM: () => ["dt", 0] },
    table: {
      content: "tr+",
      attrs: { widths: { default: null } },
      tableRole: "table",
      isolating: true,
      parseDOM: [{ tag: "table" }],
      toDOM: () => ["table", { class: "nsk-grid" }, ["tbody", 0]],
    },
    tr: {
      content: "(td | th)+",
      attrs: { head: { default: false } },
      tableRole: "row",
      parseDOM: [{ tag: "tr", getAttrs: (dom) => ({ head: dom.parentNode.nodeName === "THEAD" }) }],
      toDOM: () => ["tr", 0],
    },
    td: cell("td"),
    th: cell("th"),
    kept: {
      atom: true,
      attrs: { xml: {} },
      toDOM: ({ attrs }) => ["div", { class: "nsk-kept" }, attrs.xml.replace(/<[^>]*>/g, " ").trim().slice(0, 200)],
    },
    text: { group: "inline" },
    br: { group: "inline", inline: true, selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  },
  marks: {
    b: mark("b", { tag: "strong" }),
    i: mark("i", { tag: "em" }),
    u: mark("u", { tag: "ins" }),
    sup: mark("sup"),
    sub: mark("sub"),
  },
});

const { nodes } = schema;

// --- From XML ------------------------------------------------------------------------------------

function readInline(parent, marks = []) {
  return Array.from(parent.childNodes).flatMap((child) => {
    if (child.nodeType === Node.TEXT_NODE) return child.data === "" ? [] : [schema.text(child.data, marks)];
    if (child.localName === "br") return [nodes.br.create(null, null, marks)];
    if (!MARKS.includes(child.localName)) throw new Error(`<${child.localName}> within a line`);
    return readInline(child, schema.marks[child.localName].create().addToSet(marks));
  });
}

function hasBlocks(element) {
  return element.firstElementChild !== null && !["br", ...MARKS].includes(element.firstElementChild.localName);
}

// What a point, cell or line of rows holds: a line, or blocks that begin with one.
function readContent(element) {
  if (!hasBlocks(element)) return [nodes.p.create(null, readInline(element))];
  const blocks = Array.from(element.children, readBlock);

  return blocks[0].type === nodes.p ? blocks : [nodes.p.create(), ...blocks];
}

function readTable(element) {
  const widths = Array.from(element.children).filter(({ localName }) => localName === "col")
    .map((col) => col.getAttribute("width"));
  const rows = Array.from(element.querySelectorAll("tr"), (tr) => nodes.tr.create(
    { head: tr.parentNode.localName === "thead" },
    Array.from(tr.children, (one) => nodes[one.localName].create({
      colspan: span(one, "colspan"), rowspan: span(one, "rowspan"), align: one.getAttribute("align"),
    }, readContent(one))),
  ));

  return nodes.table.create({ widths: widths.length > 0 ? widths : null }, rows);
}

function readSection(element, type) {
  const title = element.getAttribute("title");

  return type.create(null, [
    nodes.title.create(null, title ? schema.text(title) : null),
    ...Array.from(element.children, (child) => child.localName === "section" ? readSection(child, nodes.part) : readBlock(child)),
  ]);
}

function readBlock(element) {
  const { localName } = element;

  try {
    if (localName === "p") return nodes.p.create({ align: element.getAttribute("align") }, readInline(element));
    if (localName === "ul") return nodes.ul.create(null, Array.from(element.children, (li) => nodes.li.createChecked(null, readContent(li))));
    if (localName === "ol") {
      const plain = !element.hasAttribute("type");
      const attrs = { type: element.getAttribute("type") || "1", start: Number(element.getAttribute("start") || 1), plain };

      return nodes.ol.create(attrs, Array.from(element.children, (li) => nodes.li.createChecked(null, readContent(li))));
    }
    if (localName === "table") return readTable(element);
    if (localName === "rows") {
      return nodes.rows.create(null, Array.from(element.children, (row) => nodes.row.createChecked(null, [
        nodes.label.create(null, row.getAttribute("label") ? schema.text(row.getAttribute("label")) : null), ...readContent(row),
      ])));
    }
  } catch (_) { /* kept */ }
  return nodes.kept.create({ xml: new XMLSerializer().serializeToString(element) });
}

// A letter that is not stored yet may stand in lines and steps, which are nothing that it says.
function dropLayout(element) {
  const isLayout = (node) => node?.nodeType === Node.TEXT_NODE && node.data.includes("\n") && node.data.trim() === "";

  for (const child of Array.from(element.childNodes)) {
    if (isLayout(child) && (child === element.firstChild || child === element.lastChild || BLOCKS.has(element.localName) || hasBlocks(element))) child.remove();
    else if (child.nodeType === Node.ELEMENT_NODE) dropLayout(child);
  }
}

function parseBody(xml) {
  const { documentElement: body } = new DOMParser().parseFromString(xml, "text/xml");

  dropLayout(body);
  return body;
}

// The document that a letter's <body> is.
export function readBody(xml) {
  const body = parseBody(xml);

  if (body.localName !== "body") throw new Error("no letter's body");
  const blocks = Array.from(body.children, (child) => child.localName === "section" ? readSection(child, nodes.section) : readBlock(child));
  const doc = nodes.doc.create(null, blocks.length > 0 ? blocks : [nodes.p.create()]);

  doc.check();
  return doc;
}

// --- To XML --------------------------------------------------------------------------------------

class Writer {
  constructor(namespace) {
    this.document = document.implementation.createDocument(namespace, "body");
    this.namespace = namespace;
  }

  add(parent, name, attrs = {}) {
    const element = parent.appendChild(this.document.createElementNS(this.namespace, name));

    for (const [key, value] of Object.entries(attrs)) {
      if (value !== null && value !== undefined) element.setAttribute(key, value);
    }
    return element;
  }

  // Marks that go on stay open, so that a bold word in a bold line is one.
  inline(parent, node) {
    const open = [];

    node.forEach((child) => {
      const marks = child.marks.map(({ type }) => type.name);
      let same = 0;

      while (same < open.length && marks.includes(open[same].localName)) same++;
      open.length = same;
      for (const name of marks) {
        if (!open.some(({ localName }) => localName === name)) open.push(this.add(open[open.length - 1] ?? parent, name));
      }
      const at = open[open.length - 1] ?? parent;
      if (child.isText) at.appendChild(this.document.createTextNode(fit(child.text)));
      else this.add(at, "br");
    });
  }

  content(parent, blocks) {
    const [first] = blocks;

    if (blocks.length === 1 && first.type === nodes.p && !first.attrs.align) this.inline(parent, first);
    else blocks.forEach((block, at) => {
      if (at > 0 || block.type !== nodes.p || block.content.size > 0) this.block(parent, block);
    });
  }

  table(parent, node) {
    const table = this.add(parent, "table");
    const columns = node.firstChild.children.reduce((sum, { attrs }) => sum + attrs.colspan, 0);
    let head = 0;

    if (node.attrs.widths && node.attrs.widths.length === columns) {
      node.attrs.widths.forEach((width) => this.add(table, "col", { width }));
    }
    while (head < node.childCount - 1 && node.child(head).attrs.head) head++;
    const thead = head > 0 ? this.add(table, "thead") : null;
    const tbody = this.add(table, "tbody");
    node.forEach((row, _, at) => {
      const tr = this.add(at < head ? thead : tbody, "tr");

      row.forEach(({ type, attrs, children }) => this.content(this.add(tr, type.name, {
        colspan: attrs.colspan > 1 ? attrs.colspan : null, rowspan: attrs.rowspan > 1 ? attrs.rowspan : null, align: attrs.align,
      }), children));
    });
  }

  block(parent, node) {
    const { type, attrs, children } = node;

    if (type === nodes.p) this.inline(this.add(parent, "p", { align: attrs.align }), node);
    else if (type === nodes.table) this.table(parent, node);
    else if (type === nodes.kept) {
      const { documentElement } = new DOMParser().parseFromString(attrs.xml, "text/xml");
      parent.appendChild(this.document.importNode(documentElement, true));
    } else if (type === nodes.section || type === nodes.part) {
      const section = this.add(parent, "section", { title: fit(node.firstChild.textContent) });
      const said = children.slice(1).filter((child) => !isBlank(child));
      (said.length > 0 ? said : children.slice(1, 2)).forEach((child) => this.block(section, child));
    } else if (type === nodes.rows) {
      const rows = this.add(parent, "rows");
      children.forEach((row) => this.content(this.add(rows, "row", { label: fit(row.firstChild.textContent) }), row.children.slice(1)));
    } else {
      const isPlain = type === nodes.ul || (attrs.plain && attrs.type === "1");
      const list = this.add(parent, type.name, { type: isPlain ? null : attrs.type, start: attrs.start > 1 ? attrs.start : null });
      children.forEach((li) => this.content(this.add(list, "li"), li.children));
    }
  }
}

function isBlank(node) {
  return node.type === nodes.p && node.textContent.trim() === "";
}

// The <body> that a document is; empty paragraphs are no part of a letter.
export function writeBody(doc, namespace) {
  const writer = new Writer(namespace);
  const { documentElement } = writer.document;

  doc.forEach((block) => { if (!isBlank(block)) writer.block(documentElement, block); });
  return new XMLSerializer().serializeToString(writer.document);
}

// The document, if writing it gives the letter's body again; null if something would be lost.
export function readFaithfully(xml) {
  const body = parseBody(xml);

  try {
    const doc = readBody(xml);
    const { documentElement: again } = new DOMParser().parseFromString(writeBody(doc, body.namespaceURI), "text/xml");

    body.normalize();
    again.normalize();
    return body.isEqualNode(again) || body.childElementCount === 0 ? { doc, namespace: body.namespaceURI } : null;
  } catch (_) {
    return null;
  }
}
