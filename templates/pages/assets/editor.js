// SPDX-License-Identifier: GPL-3.0-or-later
// The editor of a letter's body, in the place of the plain text: what it writes goes to the server as
// the body's XML, which is checked there like any other.  It is offered only where nothing of the
// letter is lost by it; else, and without scripts, the plain text is the way.
import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { InputRule, inputRules, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { EditorState, Plugin, TextSelection } from "prosemirror-state";
import { addColumnAfter, addRowAfter, deleteColumn, deleteRow, deleteTable, goToNextCell, isInTable, tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { keep as keepTyped } from "./editor/keep.js";
import { show } from "./editor/look.js";
import { readFaithfully, schema, writeBody } from "./editor/model.js";
import { headingBack, headingIn, headingOut, isHeading, toggleHeading } from "./editor/outline.js";
import { plainHtml } from "./editor/word.js";

const { nodes, marks } = schema;
const BY_DEPTH = ["1", "a", "1)", "a)", "(1)", "(a)"]; // of tata naskah dinas

const isList = (node) => node.type === nodes.ol || node.type === nodes.ul;

// { node, pos, depth } of the list that the place is in, depth counting lists; null if in none.
function listAround({ $from }) {
  let found = null;
  let depth = 0;

  for (let at = 1; at <= $from.depth; at++) {
    if (isList($from.node(at))) found = { node: $from.node(at), pos: $from.before(at), depth: ++depth };
  }
  return found;
}

function typeAt(depth) {
  return BY_DEPTH[Math.min(depth, BY_DEPTH.length) - 1];
}

// Makes a list, changes its kind, or takes a point out of it.
function toggleList(type) {
  return (state, dispatch) => {
    const list = listAround(state.selection);
    const depth = list?.depth ?? 1;
    const attrs = type === nodes.ol ? { type: typeAt(depth) } : null;

    if (list === null) return wrapInList(type, attrs)(state, dispatch);
    if (list.node.type === type) return liftListItem(nodes.li)(state, dispatch);
    dispatch?.(state.tr.setNodeMarkup(list.pos, type, attrs));
    return true;
  };
}

// A list within a list has the sign of its depth.
function sink(state, dispatch) {
  return sinkListItem(nodes.li)(state, dispatch && ((tr) => {
    const list = listAround(tr.selection);

    if (list?.node.type === nodes.ol && list.node.childCount === 1) {
      tr.setNodeMarkup(list.pos, null, { ...list.node.attrs, type: typeAt(list.depth), start: 1 });
    }
    dispatch(tr);
  }));
}

function toggleMiddle(state, dispatch) {
  const { $from } = state.selection;
  const { parent } = $from;

  if (parent.type !== nodes.p || listAround({ $from }) !== null || $from.node(-1).type === nodes.row) return false;
  dispatch?.(state.tr.setNodeMarkup($from.before(), null, { align: parent.attrs.align === "center" ? null : "center" }));
  return true;
}

function insertTable(state, dispatch) {
  const { $from } = state.selection;

  if ($from.parent.type !== nodes.p || isInTable(state) || $from.node(-1).type === nodes.row) return false;
  const row = (type, head) => nodes.tr.create({ head }, [0, 1, 2].map(() => type.createAndFill()));
  const table = nodes.table.create(null, [row(nodes.th, true), row(nodes.td, false), row(nodes.td, false)]);

  if (dispatch) {
    const tr = state.tr.replaceSelectionWith(table);

    tr.doc.descendants((node, pos) => {
      if (node === table) tr.setSelection(TextSelection.near(tr.doc.resolve(pos + 1)));
      return node !== table;
    });
    dispatch(tr.scrollIntoView());
  }
  return true;
}

function breakLine(state, dispatch) {
  if (!state.selection.$from.parent.inlineContent || state.selection.$from.parent.type !== nodes.p) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.br.create()).scrollIntoView());
  return true;
}

const commands = {
  tebal: toggleMark(marks.b),
  miring: toggleMark(marks.i),
  "garis-bawah": toggleMark(marks.u),
  judul: toggleHeading,
  nomor: toggleList(nodes.ol),
  butir: toggleList(nodes.ul),
  masuk: chainCommands(headingIn, sink),
  keluar: chainCommands(headingOut, liftListItem(nodes.li)),
  tengah: toggleMiddle,
  tabel: insertTable,
  "tambah-baris": addRowAfter,
  "tambah-kolom": addColumnAfter,
  "hapus-baris": chainCommands(deleteRow, deleteTable),
  "hapus-kolom": chainCommands(deleteColumn, deleteTable),
  urung: undo,
};
const active = {
  tebal: (state) => hasMark(state, marks.b),
  miring: (state) => hasMark(state, marks.i),
  "garis-bawah": (state) => hasMark(state, marks.u),
  judul: isHeading,
  nomor: ({ selection }) => listAround(selection)?.node.type === nodes.ol,
  butir: ({ selection }) => listAround(selection)?.node.type === nodes.ul,
  tengah: ({ selection: { $from } }) => $from.parent.attrs.align === "center",
};

function hasMark({ selection: { from, to, empty, $from }, storedMarks, doc }, type) {
  return empty ? Boolean(type.isInSet(storedMarks ?? $from.marks())) : doc.rangeHasMark(from, to, type);
}

// "1. " and its like at the beginning of a line make a list, as people write it.
const rules = inputRules({
  rules: [
    wrappingInputRule(/^\s*[-•]\s$/, nodes.ul),
    ...[[/^\s*([0-9]{1,3})\.\s$/, "1"], [/^\s*([0-9]{1,3})\)\s$/, "1)"], [/^\s*\(([0-9]{1,3})\)\s$/, "(1)"]].map(([sign, type]) =>
      wrappingInputRule(sign, nodes.ol, ([, n]) => ({ type, start: Math.max(Number(n), 1) }))),
    ...[[/^\s*a\.\s$/, "a"], [/^\s*a\)\s$/, "a)"], [/^\s*\(a\)\s$/, "(a)"]].map(([sign, type]) =>
      wrappingInputRule(sign, nodes.ol, { type })),
    new InputRule(/--$/, "\u2013"),
  ],
});

const keys = {
  "Mod-b": commands.tebal,
  "Mod-i": commands.miring,
  "Mod-u": commands["garis-bawah"],
  "Mod-z": undo,
  "Mod-y": redo,
  "Mod-Shift-z": redo,
  "Shift-Enter": breakLine,
  Enter: splitListItem(nodes.li),
  // Tab leaves the editor, as everywhere; within a table it goes from cell to cell
  Tab: goToNextCell(1),
  "Shift-Tab": goToNextCell(-1),
  "Mod-]": commands.masuk,
  "Mod-[": commands.keluar,
  Backspace: headingBack,
};

function toolbar(tools, view) {
  const buttons = Array.from(tools.querySelectorAll("button[data-do]"));

  for (const button of buttons) {
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the place stays chosen
    button.addEventListener("click", () => {
      commands[button.dataset.do](view.state, view.dispatch, view);
      view.focus();
    });
  }
  return () => {
    const inTable = isInTable(view.state);

    for (const button of buttons) {
      const { do: name } = button.dataset;

      if (active[name]) button.setAttribute("aria-pressed", active[name](view.state));
      if (button.dataset.where === "table") button.hidden = !inTable;
      else button.disabled = !commands[name](view.state);
    }
  };
}

// There is always a line below a table or a list to go on with; an empty one is no part of the letter.
const lastLine = new Plugin({
  appendTransaction: (_, __, { doc, tr }) => (doc.lastChild.type === nodes.p || doc.lastChild.type === nodes.section ? null
    : tr.insert(doc.content.size, nodes.p.create())),
});

// The editor is no text area; the form is told of what is written as one tells it.
function keep(form, body, view, namespace) {
  body.value = writeBody(view.state.doc, namespace);
  body.dispatchEvent(new Event("input", { bubbles: true }));
}

function newView(place, doc, attributes, changed) {
  let show = () => {};
  const view = new EditorView(place, {
    state: EditorState.create({
      doc,
      plugins: [rules, keymap(keys), keymap(baseKeymap), history(), tableEditing(), lastLine,
        new Plugin({ view: () => ({ update: () => show() }) })],
    }),
    attributes,
    transformPastedHTML: plainHtml,
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      if (transaction.docChanged) changed(view);
    },
  });

  return { view, setShow: (wanted) => { show = wanted; show(); } };
}

// The editor takes the name of the text that it stands for: what is wrong links to it.
function takeOver(form, text, tools) {
  const label = form.querySelector('label[for="isi"]');
  const said = ["aria-describedby", "aria-invalid"].filter((name) => text.hasAttribute(name))
    .map((name) => [name, text.getAttribute(name)]);

  const hint = document.getElementById("isi-petunjuk");

  label.id = "isi-nama";
  if (hint && tools.dataset.hint) hint.textContent = tools.dataset.hint;
  text.id = "isi-polos";
  text.hidden = true;
  text.disabled = true;
  form.querySelector(".nsk-writing-help")?.setAttribute("hidden", "");
  return {
    id: "isi", role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id,
    class: "nsk-editor govuk-textarea", ...Object.fromEntries(said),
  };
}

function edit(form) {
  const body = form.querySelector("textarea[name=badan]");
  const text = form.querySelector("textarea[name=isi]");
  const tools = form.querySelector(".nsk-tools");
  const read = body && tools && readFaithfully(body.value);

  if (!read) return;
  const place = document.createElement("div");
  const { view, setShow } = newView(place, read.doc, takeOver(form, text, tools), (changed) => keep(form, body, changed, read.namespace));

  setShow(toolbar(tools, view));
  text.before(tools, place);
  tools.hidden = false;
  body.disabled = false;
  body.value = writeBody(view.state.doc, read.namespace);
  document.getElementById("isi-nama").addEventListener("click", () => view.focus());
}

for (const form of document.querySelectorAll("form.nsk-draft")) {
  edit(form);
  show(form);
  keepTyped(form);
}
