// SPDX-License-Identifier: GPL-3.0-or-later
// disposition.mjs NASKAH: a leader disposes of letters on the narrowest telephone: three taps, one if
// TU has prepared it, and one more undoes a slip.  Taps are counted by the browser.
import { launch, must, Office, picture, runCases } from './office.mjs'

const office = new Office(process.argv[2], 'disposition')
const telephone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true, locale: 'id' }

function register (subject) {
  const { letter } = office.command('incoming', 'register', '--from', 'Desa Sumber', '--subject', subject,
    '--to', 'kepala-biro-umum', '--channel', 'pos', '--classification', 'HM.02.04', '--as', 'wening')

  office.command('incoming', 'forward', letter, '--as', 'wening')
  return letter
}

// Somebody signed in, whose taps are counted.
async function enter (browser, person) {
  const context = await browser.newContext({ ...telephone, baseURL: office.address })
  const page = await context.newPage()

  page.setDefaultTimeout(60000)
  await office.signIn(page, person)
  page.taps = 0
  await page.exposeFunction('countTap', () => { page.taps++ })
  await page.addInitScript(() => {
    addEventListener('touchend', (event) => { if (event.isTrusted) globalThis.countTap() }, true)
  })
  return page
}

async function open (page, subject) {
  await page.goto('/tugas')
  await page.tap(`.nsk-task > a:has-text("${subject}")`)
  await page.waitForURL(/\/tugas\/./)
  await page.locator('button[value="dispose"]').waitFor()
  page.taps = 0
}

async function give (page, button) {
  await Promise.all([page.waitForURL(/diberikan$/), page.tap(button)])
  must((await page.innerText('h1')).includes('Disposisi diberikan'), await page.innerText('main'))
}

async function fits (page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)

  must(wide <= 320, `${page.url()}: ${wide} px wide`)
}

async function threeTaps (leader) {
  register('Pinjam meja')
  await open(leader, 'Pinjam meja')
  await fits(leader)
  await picture(leader, 'disposisi')
  await leader.tap('label:has(input[value="kepala-bagian-tata-usaha"])')
  await leader.tap('label:has(input[value="tindak-lanjut"])')
  await give(leader, 'button[value="dispose"]')
  must(leader.taps === 3, `${leader.taps} taps`)
  await fits(leader)
  await picture(leader, 'diberikan')
}

async function prepared (leader, clerk) {
  const letter = register('Pinjam kursi')

  await clerk.goto(`/surat/${letter}`)
  await clerk.tap(`a[href="/surat/${letter}/usul"]`)
  await clerk.locator('input[value="kepala-bagian-rumah-tangga"]').waitFor()
  await fits(clerk)
  await clerk.tap('label:has(input[value="kepala-bagian-rumah-tangga"])')
  await clerk.tap('label:has(input[value="tindak-lanjut"])')
  await clerk.fill('#catatan', 'Siapkan 50 kursi.')
  await picture(clerk, 'usul')
  await Promise.all([clerk.waitForURL(/pesan=usul/), clerk.tap('form[action$="/usul"] button')])
  await open(leader, 'Pinjam kursi')
  await fits(leader)
  await picture(leader, 'disiapkan')
  const text = await leader.innerText('section[aria-labelledby="usul"]')
  must(text.includes('Wening') && text.includes('Rumah Tangga') && text.includes('50 kursi'), text)
  await give(leader, 'button[value="confirm"]')
  must(leader.taps === 1, `${leader.taps} taps`)
}

async function undone (leader) {
  await Promise.all([leader.waitForURL(/pesan=batal/), leader.tap('form[action$="/batal"] button')])
  must(leader.taps === 2, `${leader.taps} taps`)
  const text = await leader.innerText('main')
  must(text.includes('Disposisi dibatalkan') && text.includes('Pinjam kursi'), text)
  await open(leader, 'Pinjam kursi')
}

async function tooLate (leader, receiver) {
  const letter = register('Pinjam tenda')

  await open(leader, 'Pinjam tenda')
  await leader.tap('label:has(input[value="kepala-bagian-tata-usaha"])')
  await give(leader, 'button[value="dispose"]')
  await receiver.goto('/tugas')
  await receiver.tap('.nsk-task > a:has-text("Pinjam tenda")')
  await receiver.waitForURL(/\/tugas\/./)
  await receiver.locator('#keputusan').waitFor()
  await Promise.all([leader.waitForResponse((answer) => answer.url().endsWith('/batal') && answer.status() === 409),
    leader.tap('form[action$="/batal"] button')])
  await leader.getByText('membukanya').first().waitFor()
  must(await leader.locator('form[action$="/batal"]').count() === 0, 'offers what is not possible')
  await picture(leader, 'terlambat')
  await leader.goto(`/surat/${letter}`)
  must((await leader.innerText('main')).includes('Tarik'), 'it can not be taken back')
}

await office.serve()
const browser = await launch()
const [leader, clerk, receiver] = [await enter(browser, 'sekar'), await enter(browser, 'wening'),
  await enter(browser, 'budi')]
await runCases([
  ['a leader disposes in three taps', () => threeTaps(leader)],
  ['what TU prepared is given in one', () => prepared(leader, clerk)],
  ['a slip is undone in one more', () => undone(leader)],
  ['who has opened it makes that too late, and it is said', () => tooLate(leader, receiver)]
])
await browser.close()
await office.close()
