// SPDX-License-Identifier: GPL-3.0-or-later
// journey.mjs NASKAH: a letter's way as people go it in Chromium: a clerk writes it, a reviewer
// returns it from a telephone, it is mended, reviewed by keyboard alone, signed, and checked by a
// citizen who also tries a changed copy.  Once with scripts in Indonesian, once without in English.
// With PICTURES set to a folder, pictures of the steps are left there.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const naskah = process.argv[2]
const folder = mkdtempSync(join(tmpdir(), 'naskah-journey-'))
const office = join(folder, 'kantor')
const password = 'sumur bor nomor tujuh belas'
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

function command (...args) {
  return JSON.parse(execFileSync(naskah, [...args, '--dir', office, '--json'], { encoding: 'utf8' }))
}

function serve () {
  const child = spawn(naskah, ['serve', '--dir', office, '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] })
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr.on('data', (data) => {
      said += data
      const found = /browsers are served at (http:\/\/[0-9.:]+)/.exec(said)
      if (found) resolve({ child, address: found[1] })
    })
    child.on('exit', () => reject(new Error(`the server ended: ${said}`)))
  })
}

async function picture (page, name) {
  if (process.env.PICTURES) {
    await page.screenshot({ path: join(process.env.PICTURES, `${++steps}-${name}.png`), fullPage: true })
  }
}

function must (truth, what) {
  if (!truth) throw new Error(what)
}

// Somebody in a browser of his own, who has come in.
async function enter (world, person, window) {
  const context = await world.browser.newContext({
    ...window, javaScriptEnabled: world.scripts, locale: world.language, baseURL: world.address
  })
  const page = await context.newPage()
  const given = command('account', 'reset', person, '--as', 'wening').password

  page.setDefaultTimeout(30000)
  await page.goto('/masuk')
  await page.fill('#nama', person)
  await page.fill('#sandi', given)
  await press(page)
  await page.goto('/profil/sandi')
  await page.fill('#sandi', given)
  await page.fill('#sandi-baru', password)
  await page.fill('#sandi-lagi', password)
  await press(page)
  return page
}

// The button of the main part that goes on, or the one of that value.
async function press (page, value) {
  const button = value ? `main button[value="${value}"]` : 'main button[type="submit"]'
  await Promise.all([page.waitForNavigation(), page.locator(button).first().click()])
}

async function openTask (page, subject) {
  await page.goto('/tugas')
  await Promise.all([page.waitForNavigation(), page.locator('.nsk-task__link', { hasText: subject }).first().click()])
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

async function sign (world, subject) {
  const page = await enter(world, 'sekar', telephone)
  const secret = readFileSync(join(office, 'keys', 'passphrase'), 'utf8').trim()

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
    const path = join(folder, name)
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

async function main () {
  const cases = [['id', true, 'with scripts, in Indonesian'], ['en', false, 'without scripts, in English']]
  let failed = 0

  execFileSync(naskah, ['init', office, '--demo', '--empty'])
  const { child, address } = await serve()
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']
  })
  console.log(`1..${cases.length}`)
  for (const [n, [language, scripts, words]] of cases.entries()) {
    try {
      await journey({ browser, address, language, scripts })
      console.log(`ok ${n + 1} a letter's way ${words}`)
    } catch (error) {
      failed++
      console.log(`not ok ${n + 1} a letter's way ${words}`)
      console.log(`# ${String(error.stack ?? error).replaceAll('\n', '\n# ')}`)
    }
  }
  await browser.close()
  child.removeAllListeners('exit')
  child.kill('SIGTERM')
  await new Promise((resolve) => child.on('exit', resolve))
  rmSync(folder, { recursive: true })
  return failed
}

process.exitCode = await main() ? 1 : 0
