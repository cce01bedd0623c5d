// SPDX-License-Identifier: GPL-3.0-or-later
// pages.mjs WRITER SAMPLES: every page as Chromium shows it, in both languages, every theme, on a
// phone of 320 pixels and on a screen: axe-core finds nothing, nothing is wider than the window, and
// what is to be pressed is large enough.  With PICTURES set to a folder, pictures are left there;
// with ONLY set, only pages whose files it matches are looked at.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const [writer, samples] = process.argv.slice(2)
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'naskah-pages-'))
const types = { html: 'text/html; charset=utf-8', css: 'text/css', js: 'text/javascript' }
const sizes = [{ width: 320, height: 640 }, { width: 1280, height: 800 }]
const only = new RegExp(process.env.ONLY ?? '')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const themes = ['dark', 'contrast'] // besides the light one that pages come in
const least = 24 // CSS pixels that a target is high (WCAG 2.2, 2.5.8)

const server = createServer((request, response) => {
  const file = request.url.split('/').pop()
  try {
    response.setHeader('content-type', types[file.split('.').pop()] ?? 'text/plain')
    response.end(readFileSync(join(folder, file)))
  } catch {
    response.statusCode = 404
    response.end()
  }
})

// Links that stand in a line of text are as high as the line.
function smallTargets (height) {
  return [...document.querySelectorAll('a, button, input, select, summary')]
    .filter((one) => one.checkVisibility() && !one.matches('.govuk-skip-link') && !one.closest('p, dd'))
    .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
    .filter(([, high]) => high < height)
    .map(([html, high]) => `${html} is ${high} high`)
}

async function ask (page, runOnly) {
  const { violations } = await page.evaluate((only) => window.axe.run(document, {
    runOnly: only, resultTypes: ['violations']
  }), runOnly)
  return violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${node.failureSummary} ${node.html}`))
}

// A theme is an attribute of the page, and changes its colours alone.
async function judgeThemes (page, name) {
  const found = []
  for (const theme of themes) {
    await page.evaluate((one) => { document.documentElement.dataset.theme = one }, theme)
    const faults = await ask(page, { type: 'rule', values: ['color-contrast'] })
    found.push(...faults.map((fault) => `${theme}: ${fault}`))
    await picture(page, `${name}-${theme}`)
  }
  return found
}

async function picture (page, name) {
  if (process.env.PICTURES) {
    await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true })
  }
}

async function judge (page, name) {
  await page.evaluate(axe)
  const found = await ask(page, rules)
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
  if (wide > 0) found.push(`it is ${wide} pixels wider than the window`)
  found.push(...await page.evaluate(smallTargets, least))
  await picture(page, name)
  found.push(...await judgeThemes(page, name))
  return found
}

async function main () {
  execFileSync(writer, [samples, folder])
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${server.address().port}/`
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']
  })
  const files = readdirSync(folder).filter((file) => file.endsWith('.html') && only.test(file)).sort()
  const windows = await Promise.all(sizes.map((viewport) =>
    browser.newPage({ viewport, bypassCSP: true })))
  let failed = 0
  console.log(`1..${files.length}`)
  for (const [number, file] of files.entries()) {
    const found = []
    for (const page of windows) {
      const { width } = page.viewportSize()
      await page.goto(address + file)
      const faults = await judge(page, `${file.replace('.html', '')}-${width}`)
      found.push(...faults.map((fault) => `${width}: ${fault}`))
    }
    console.log(`${found.length ? 'not ' : ''}ok ${number + 1} ${file}`)
    for (const fault of found) console.log(`# ${fault.replaceAll('\n', ' ')}`)
    failed += found.length ? 1 : 0
  }
  await browser.close()
  server.close()
  rmSync(folder, { recursive: true })
  return failed
}

process.exitCode = await main() ? 1 : 0
