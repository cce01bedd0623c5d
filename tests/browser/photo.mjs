// SPDX-License-Identifier: GPL-3.0-or-later
// photo.mjs NASKAH: TU registers a letter that came in from a telephone: page after page is
// photographed, sent in pieces over a line that breaks, and becomes one PDF in that order.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { launch, must, Office, picture, runCases } from './office.mjs'

const office = new Office(process.argv[2], 'photo')
const telephone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, locale: 'id' }

// What a camera would give: a page of so many black bars.
async function photographs (page) {
  const files = []

  for (const bars of [1, 2, 3]) {
    const data = await page.evaluate((bars) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 1500, height: 2000 })
      const drawing = canvas.getContext('2d')
      drawing.fillStyle = 'white'
      drawing.fillRect(0, 0, 1500, 2000)
      for (let at = 0; at < 30000; at++) {
        drawing.fillStyle = `hsl(${at % 360} 30% ${90 + at % 8}%)`
        drawing.fillRect((at * 7919) % 1500, (at * 104729) % 2000, 9, 9)
      }
      drawing.fillStyle = 'black'
      for (let at = 0; at < bars; at++) drawing.fillRect(100, 100 + 600 * at, 1300, 400)
      return canvas.toDataURL('image/jpeg', 0.95).split(',')[1]
    }, bars)
    files.push(join(office.folder, `halaman-${bars}.jpg`))
    writeFileSync(files.at(-1), Buffer.from(data, 'base64'))
  }
  return files
}

async function fill (page, subject) {
  await page.goto('/masuk-surat/baru')
  await page.fill('#dari', 'Desa Sumber')
  await page.fill('#hal', subject)
  await page.fill('#klasifikasi', 'HM.02.04')
  await page.fill('#untuk', 'Kepala Biro Umum')
}

// How dark each page of the letter's scan is.
async function pages (page, letter) {
  const answer = await page.request.get(`/surat/${letter}/berkas.pdf`)
  const path = join(office.folder, 'hasil')

  must(answer.ok(), `the scan cannot be fetched: ${answer.status()}`)
  writeFileSync(`${path}.pdf`, await answer.body())
  execFileSync('pdftoppm', ['-gray', '-r', '10', `${path}.pdf`, path])
  return [1, 2, 3].map((number) => execFileSync('cat', [`${path}-${number}.pgm`])
    .filter((byte) => byte < 100).length)
}

async function send (page) {
  await Promise.all([page.waitForURL(/pesan=terdaftar/), page.locator('main form.nsk-upload button.govuk-button').last().click()])
  return /masuk-surat\/([^?]+)/.exec(page.url())[1]
}

function inOrder (dark) {
  must(dark[0] > 500 && dark[1] > 1.8 * dark[0] && dark[2] > 2.7 * dark[0], dark.join(' '))
}

async function pageAfterPage (page, files) {
  let broken = 0

  await fill(page, 'Surat yang difoto')
  await page.click('text=Foto surat dengan telepon ini')
  for (const [at, file] of files.entries()) {
    const input = page.locator(`#foto-${at + 1}`)
    must(await input.isVisible() && !await page.locator(`#foto-${at + 2}`).isVisible(), `page ${at + 1}`)
    must(await input.getAttribute('capture') === 'environment', 'no camera')
    await input.setInputFiles(file)
  }
  await picture(page, 'foto')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  must(wide <= 320, `${wide} px wide`)
  await page.route('**/api/v1/uploads/*', (route) => {
    if (route.request().method() === 'PATCH' && broken++ === 1) return route.abort()
    return route.continue()
  })
  inOrder(await pages(page, await send(page)))
  must(broken > 3, `${broken} pieces`)
  await page.unroute('**/api/v1/uploads/*')
}

async function chosenTogether (page, files) {
  await fill(page, 'Surat dari galeri')
  await page.fill('#nomor', 'G-2')
  await page.setInputFiles('#pindaian', [files[2], files[0], files[1]])
  await Promise.all([page.waitForLoadState(), page.locator('main form.nsk-upload button.govuk-button').last().click()])
  await page.waitForURL(/pesan=terdaftar/)
  const dark = await pages(page, /masuk-surat\/([^?]+)/.exec(page.url())[1])
  must(dark[0] > 2.7 * dark[1] && dark[2] > 1.8 * dark[1], dark.join(' '))
}

async function mixed (page, files) {
  const pdf = join(office.folder, 'hasil.pdf')

  await fill(page, 'Campur')
  await page.setInputFiles('#pindaian', [files[0], pdf])
  await page.locator('main form.nsk-upload button.govuk-button').last().click()
  await page.getByText('pilih satu PDF').first().waitFor()
}

await office.serve()
const browser = await launch()
const context = await browser.newContext({ ...telephone, baseURL: office.address })
const page = await context.newPage()
page.setDefaultTimeout(60000)
await office.signIn(page, 'wening')
const files = await photographs(page)
await runCases([
  ['page after page is photographed, and a line that breaks changes nothing', () => pageAfterPage(page, files)],
  ['photographs that were chosen together keep their order', () => chosenTogether(page, files)],
  ['a PDF among photographs is told', () => mixed(page, files)]
])
await browser.close()
await office.close()
