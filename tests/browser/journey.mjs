// SPDX-License-Identifier: GPL-3.0-or-later
// journey.mjs NASKAH: a letter's way as people go it in Chromium: a clerk writes it, a reviewer
// returns it from a telephone, it is mended, reviewed by keyboard alone, signed, and checked by a
// citizen who also tries a changed copy.  Once with scripts in Indonesian, once without in English.
// With PICTURES set to a folder, pictures of the steps are left there.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  addAuthenticator, addPasskey, enterByPasskey, launch, must, Office, picture as keepPicture, runCases, signOut
} from './office.mjs'

const office = new Office(process.argv[2], 'journey')
const desk = { viewport: { width: 1280, height: 800 } }
const telephone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const languages = {
  id: {
    live: 'hal', genuine: 'asli', changed: 'Jangan percaya'
  },
  en: {
    live: 'subject', genuine: 'genuine', changed: 'Do not trust'
  }
}
let steps = 0

async function picture (page, name) {
  await keepPicture(page, `${++steps}-${name}`)
}

// Somebody in a browser of his own, who has come in.
async function enter (world, person, window) {
  const context = await world.browser.newContext({
    ...window, javaScriptEnabled: world.scripts, locale: world.language, baseURL: world.address
  })
  const page = await context.newPage()

  page.setDefaultTimeout(30000)
  await office.signIn(page, person)
  return page
}

// The button of the main part that goes on, or the one of that value.
async function press (page, value) {
  const button = value ? `main button[value="${value}"]` : 'main button[type="submit"]'
  await Promise.all([page.waitForNavigation(), page.locator(button).first().click()])
}

async function openTask (page, subject) {
  await page.goto('/tugas')
  await Promise.all([page.waitForNavigation(), page.locator('.nsk-task > a', { hasText: subject }).first().click()])
}

// Goes from control to control by Tab until one is reached, and presses Enter.
async function byKeyboard (page, selector) {
  for (let n = 0; n < 80; n++) {
    await page.keyboard.press('Tab')
    const focused = page.locator(':focus')
    if (await focused.count() && await focused.first().evaluate((one, wanted) => one.matches(wanted), selector)) {
      await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
      return
    }
  }
  throw new Error(`${selector} is not reached by keyboard`)
}

async function write (world, subject) {
  const page = await enter(world, 'damar', desk)

  await page.goto('/draf/baru')
  await Promise.all([page.waitForNavigation(), page.click('a[href="/draf/baru?jenis=surat-dinas"]')])
  await page.fill('#hal', '')
  await page.fill('#isi', 'Dengan hormat kami mengundang Saudara.\n\n1. Rapat\n2. Makan siang')
  if (world.scripts) {
    await page.waitForSelector('.nsk-live:not([hidden])')
    const told = await page.textContent('.nsk-live')
    must(told.toLowerCase().includes(languages[world.language].live), `the subject is not asked for: ${told}`)
  }
  await page.fill('#hal', subject)
  await page.fill('#kepada', 'Dinas Pengairan Kabupaten Arunika; Arunika')
  await page.fill('#penandatangan', 'Kepala Biro Umum')
  await page.fill('#pemeriksa', 'kepala-bagian-tata-usaha')
  await page.fill('#klasifikasi', 'KP.08.1')
  await picture(page, `${world.language}-konsep`)
  await press(page, 'simpan')
  must(await page.locator('.govuk-notification-banner--success').count() === 1, await page.textContent('main'))
  await openTask(page, subject)
  await press(page, 'submit')
  return page
}

async function review (world, subject, clerk) {
  const page = await enter(world, 'budi', telephone)

  await openTask(page, subject)
  must(await page.evaluate(() => document.documentElement.scrollWidth) <= 390, 'it is wider than the telephone')
  await picture(page, `${world.language}-periksa`)
  await press(page, 'return')
  must(await page.locator('.govuk-error-summary').count() === 1, 'it went back without a reason')
  await page.fill('#catatan', 'Acara makan siang tidak ada')
  await press(page, 'return')
  await openTask(clerk, subject)
  must((await clerk.textContent('main')).includes('makan siang tidak ada'), 'the reason is not shown')
  await Promise.all([clerk.waitForNavigation(), clerk.click('main a[href^="/draf/"]')])
  await clerk.fill('#isi', 'Dengan hormat kami mengundang Saudara.\n\n1. Rapat')
  await press(clerk, 'simpan')
  await openTask(clerk, subject)
  await press(clerk, 'submit')
  await openTask(page, subject)
  must(!(await page.textContent('.nsk-letter')).includes('Makan siang'), 'it is not mended')
  await byKeyboard(page, 'button[value="approve"]')
}

// The official shows by a passkey of his telephone that it is he.
async function showByPasskey (page) {
  await addAuthenticator(page)
  await addPasskey(page, 'telepon')
  await signOut(page)
  await enterByPasskey(page, '?ke=/tugas')
  must(new URL(page.url()).pathname === '/tugas', page.url())
}

async function sign (world, subject) {
  const page = await enter(world, 'sekar', telephone)
  const secret = readFileSync(join(office.dir, 'keys', 'passphrase'), 'utf8').trim()

  if (world.scripts) await showByPasskey(page)
  await openTask(page, subject)
  const letter = /\/tugas\/([^/]+)\//.exec(page.url())[1]
  await press(page)
  must(await page.locator('img.nsk-page').count() > 0, await page.textContent('main'))
  await picture(page, `${world.language}-tanda-tangan`)
  await page.fill('#sandi', 'salah sama sekali')
  await press(page)
  must(await page.locator('.govuk-error-summary').count() === 1, 'a wrong passphrase is not told')
  await page.fill('#sandi', secret)
  await Promise.all([page.waitForNavigation(), page.locator('.nsk-bar button').click()])
  must(page.url().includes('/tugas'), await page.textContent('main'))
  const answer = await page.request.get(`/surat/${letter}/berkas.pdf`)
  must(answer.ok(), `the letter cannot be fetched: ${answer.status()}`)
  return answer.body()
}

async function check (world, pdf) {
  const context = await world.browser.newContext({
    ...telephone, javaScriptEnabled: world.scripts, locale: world.language, baseURL: world.address
  })
  const page = await context.newPage()
  const copy = Buffer.from(pdf)
  const words = languages[world.language]

  copy[Math.floor(copy.length / 2)] ^= 1
  for (const [name, data, verdict] of [['surat.pdf', pdf, words.genuine], ['ubah.pdf', copy, words.changed]]) {
    const path = join(office.folder, name)
    writeFileSync(path, data)
    await page.goto('/')
    await page.setInputFiles('#berkas', path)
    await Promise.all([page.waitForNavigation(), page.locator('form[action="/v"][method="post"] button').click()])
    must((await page.textContent('main')).includes(verdict), `${name}: ${await page.textContent('main')}`)
    await picture(page, `${world.language}-${name}`)
  }
}

async function journey (world) {
  const subject = `Undangan rapat ${world.language}`
  const clerk = await write(world, subject)

  await review(world, subject, clerk)
  await check(world, await sign(world, subject))
}

await office.serve()
const browser = await launch()
const world = { browser, address: office.address }
await runCases([
  ["a letter's way with scripts and a passkey, in Indonesian", () => journey({ ...world, language: 'id', scripts: true })],
  ["a letter's way without scripts, in English", () => journey({ ...world, language: 'en', scripts: false })]
])
await browser.close()
await office.close()
