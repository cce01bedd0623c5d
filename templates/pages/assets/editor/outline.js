// SPDX-License-Identifier: GPL-3.0-or-later
// Headings.  A body is seen here as a row of blocks and headings, of which its sections and the parts
// of these are made anew when a heading comes, goes or changes its level.
import { TextSelection } from "prosemirror-state";
import { schema } from "./model.js";

const { nodes } = schema;

// { level, node, start }: 0 is no heading; start is where the node's content begins.
function flatten(doc) {
  const items = [];
  const walk = (parent, inside, level) => parent.forEach((node, offset) => {
    const start = inside + offset + 1;

    if (node.type === nodes.section || node.type === nodes.part) walk(node, start, level + 1);
    else items.push({ level: node.type === nodes.title ? level : 0, node, start });
  });

  walk(doc, 0, 0);
  return items;
}

function itemAt(items, { pos }) {
  return items.reduce((found, item) => (item.start <= pos ? item : found), items[0]);
}

// No part without its section, no heading without something below it.
function mend(items) {
  let inSection = false;

  for (const item of items) {
    if (item.level === 2 && !inSection) item.level = 1;
    if (item.level > 0) inSection = true;
  }
  return items.flatMap((item, at) => {
    const next = items[at + 1];
    const isBare = item.level > 0 && (next === undefined || (next.level > 0 && next.level <= item.level));

    return isBare ? [item, { level: 0, node: nodes.p.create() }] : [item];
  });
}

function build(items) {
  const open = [{ type: nodes.doc, children: [] }];
  const close = (level) => {
    while (open.length > level) {
      const { type, children } = open.pop();
      open[open.length - 1].children.push(type.create(null, children));
    }
  };

  for (const { level, node } of items) {
    if (level > 0) {
      close(level);
      open.push({ type: level === 1 ? nodes.section : nodes.part, children: [] });
    }
    open[open.length - 1].children.push(node);
  }
  close(1);
  return open[0].children;
}

function withLevel(node, level) {
  const text = node.textBetween(0, node.content.size, " ", " ");
  const content = text === "" ? null : schema.text(text);

  return level > 0 ? nodes.title.create(null, content) : nodes.p.create(null, content);
}

// A command; choose(item, items) says the new level of the place's item, or undefined if it has none.
function change(choose) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    const items = flatten(state.doc);
    const item = itemAt(items, $from);
    const level = [nodes.p, nodes.title].includes(item.node.type) ? choose(item, items) : undefined;

    if (level === undefined) return false;
    if (!dispatch) return true;
    const offset = $from.pos - item.start;
    if ((level > 0) !== (item.level > 0)) item.node = withLevel(item.node, level);
    item.level = level;
    const mended = mend(items);
    const tr = state.tr.replaceWith(0, state.doc.content.size, build(mended));
    const { start } = flatten(tr.doc)[mended.indexOf(item)];
    tr.setSelection(TextSelection.near(tr.doc.resolve(start + offset)));
    dispatch(tr.scrollIntoView());
    return true;
  };
}

export const toggleHeading = change(({ level }) => (level > 0 ? 0 : 1));
export const headingIn = change((item, items) =>
  (item.level === 1 && items.findIndex(({ level }) => level === 1) < items.indexOf(item) ? 2 : undefined));
export const headingOut = change(({ level }) => (level === 2 ? 1 : undefined));

// Backspace before the first letter of a heading.
export function headingBack(state, dispatch) {
  const { $from, empty } = state.selection;

  return empty && $from.parent.type === nodes.title && $from.parentOffset === 0 && toggleHeading(state, dispatch);
}

export function isHeading({ selection: { $from } }) {
  return $from.parent.type === nodes.title;
}
