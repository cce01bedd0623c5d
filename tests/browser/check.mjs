// SPDX-License-Identifier: GPL-3.0-or-later
// check.mjs NASKAH: anybody checks a letter's file in Chromium: the device takes its digest, and the
// file goes nowhere until the button is pressed.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launch, must, Office, runCases } from './office.mjs'

const office = new Office(process.argv[2], 'check')
const code = '01890a5d-ac96-774b-bcce-b302099a8057'
const letter = Buffer.concat([Buffer.from('%PDF-1.7 surat edaran\n'), Buffer.alloc(3_000_000, 'arsip ')])
const files = { genuine: join(office.folder, 'surat.pdf'), other: join(office.folder, 'lain.pdf') }

function publish () {
  const sha256 = createHash('sha256').update(letter).digest('hex')
  const place = join(office.dir, 'public')

  mkdirSync(place, { recursive: true })
  writeFileSync(join(place, `${code}.pdf`), letter)
  writeFileSync(join(place, `${code}.json`), JSON.stringify({
    letter: code, agency: 'Badan Air Tanah', number: 'SE-7/2026', date: '2026-07-14',
    subject: 'Jam kerja bulan puasa', sha256
  }))
  writeFileSync(files.genuine, letter)
  writeFileSync(files.other, letter.subarray(0, 2_000_000))
  return sha256
}

// A page of a telephone that notes what it sends.
async function open (world, options = {}) {
  const context = await world.browser.newContext({
    baseURL: world.address, locale: 'en', viewport: { width: 320, height: 640 }, ...options
  })
  const page = await context.newPage()
  const asked = []

  page.setDefaultTimeout(60000)
  page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
  await page.goto('/')
  return { page, asked }
}

async function told (page, words) {
  await page.locator('.nsk-check__told', { hasText: words }).waitFor()
  return page.innerText('.nsk-check__told')
}

const tests = {
  async 'a published letter is known by its digest, and the file is not sent' (world) {
    const { page, asked } = await open(world)
    await page.setInputFiles('#berkas', files.genuine)
    const text = await told(page, 'The file is genuine')
    must(text.includes('SE-7/2026') && text.includes('Jam kerja bulan puasa'), text)
    must(asked.includes(`GET /v/berkas/${world.sha256}`), asked.join('\n'))
    must(!asked.some((one) => one.startsWith('POST')), asked.join('\n'))
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    must(!wide, 'the page is wider than the telephone')
  },

  async 'another file is not called false, and the button has it checked' (world) {
    const { page, asked } = await open(world)
    await page.setInputFiles('#berkas', files.other)
    const text = await told(page, 'not the file of a published letter')
    must(text.includes('does not make it false') && !text.includes('SE-7/2026'), text)
    must(!asked.some((one) => one.startsWith('POST')), asked.join('\n'))
    await Promise.all([page.waitForNavigation(), page.click('.nsk-check button')])
    must(asked.includes('POST /v'), asked.join('\n'))
    must((await page.innerText('main')).includes('file'), await page.innerText('main'))
  },

  async 'what was told of one file goes when another is chosen' (world) {
    const { page } = await open(world)
    await page.setInputFiles('#berkas', files.genuine)
    await told(page, 'The file is genuine')
    await page.setInputFiles('#berkas', files.other)
    const text = await told(page, 'not the file of a published letter')
    must(!text.includes('genuine'), text)
    await page.setInputFiles('#berkas', [])
    await page.locator('.nsk-check__told').waitFor({ state: 'hidden' })
  },

  async 'a file may be dropped' (world) {
    const { page } = await open(world)
    const size = letter.length
    const data = await page.evaluateHandle((size) => {
      const transfer = new DataTransfer()
      const text = '%PDF-1.7 surat edaran\n' + 'arsip '.repeat(Math.ceil(size / 6))
      transfer.items.add(new File([text.slice(0, size)], 'jatuh.pdf', { type: 'application/pdf' }))
      return transfer
    }, size)
    await page.dispatchEvent('.nsk-drop', 'dragover', { dataTransfer: data })
    must(await page.locator('.nsk-drop--over').count() === 1, 'the place does not show itself')
    await page.dispatchEvent('.nsk-drop', 'drop', { dataTransfer: data })
    await told(page, 'The file is genuine')
    must(await page.locator('.nsk-drop--over').count() === 0, 'the place still shows itself')
  },

  async 'the same is done with the keyboard alone' (world) {
    const { page } = await open(world)
    for (let i = 0; i < 60 && await page.evaluate(() => document.activeElement.id) !== 'berkas'; i++) {
      await page.keyboard.press('Tab')
    }
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')])
    await chooser.setFiles(files.genuine)
    await told(page, 'The file is genuine')
  },

  async 'without scripts the form is as it was' (world) {
    const { page } = await open(world, { javaScriptEnabled: false })
    must(!await page.locator('.nsk-drop__words').isVisible(), 'promises what needs scripts')
    await page.setInputFiles('#berkas', files.genuine)
    await Promise.all([page.waitForNavigation(), page.click('.nsk-check button')])
    must(new URL(page.url()).pathname === '/v', page.url())
  }
}

const sha256 = publish()
await office.serve()
while ((await fetch(`${office.address}/v/berkas/${sha256}`)).status !== 200) {
  await new Promise((resolve) => setTimeout(resolve, 100))
}
const browser = await launch()
const world = { browser, address: office.address, sha256 }
await runCases(Object.entries(tests).map(([name, run]) => [name, () => run(world)]))
await browser.close()
await office.close()
