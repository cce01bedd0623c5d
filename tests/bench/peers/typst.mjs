// SPDX-License-Identifier: GPL-3.0-or-later
// typst.mjs FOLDER WARMING: renders every NNNN.typ of FOLDER to NNNN.typst.pdf in one process, and
// says in JSON how many milliseconds each took after the first WARMING, in the middle.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler";

const [folder, warming] = [process.argv[2], Number(process.argv[3])];
const compiler = NodeCompiler.create({
  workspace: folder,
  fontArgs: [{ fontPaths: ["/usr/share/fonts/truetype/liberation2"] }],
});
const times = [];

for (const name of readdirSync(folder).filter((it) => it.endsWith(".typ") && it !== "letter.typ").sort()) {
  const source = readFileSync(join(folder, name), "utf8");
  const began = process.hrtime.bigint();
  const pdf = compiler.pdf({ mainFileContent: source }, { pdfStandard: "a-3a", creationTimestamp: 1764547200 });

  times.push(Number(process.hrtime.bigint() - began) / 1e6);
  writeFileSync(join(folder, name.replace(/\.typ$/, ".typst.pdf")), pdf);
  compiler.evictCache(10);
}
const measured = times.slice(warming).sort((a, b) => a - b);
console.log(JSON.stringify({ ms: measured[measured.length >> 1], letters: measured.length }));
