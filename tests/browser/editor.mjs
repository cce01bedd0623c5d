// SPDX-License-Identifier: GPL-3.0-or-later
// editor.mjs NASKAH: the editor of a letter's body in Chromium: written by keyboard, pasted from
// word processors, kept whole, and the same letter as by the plain form.
// With PICTURES set to a folder, pictures of the steps are left there.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, must, Office, picture, runCases, submit } from './office.mjs'

const office = new Office(process.argv[2], 'editor')
const here = dirname(fileURLToPath(import.meta.url))
const field = '.nsk-editor'
const complaints = [] // of the browser: breaches of the policy, faults of scripts
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

async function enter (browser, address, name = 'damar') {
  const context = await browser.newContext({ baseURL: address, locale: 'id' })
  const page = await context.newPage()

  page.setDefaultTimeout(60000)
  page.on('dialog', (dialog) => dialog.accept()) // "leave this page?"
  page.on('console', (message) => {
    const { url } = message.location()
    if (['error', 'warning'].includes(message.type()) && !url.endsWith('/favicon.ico')) complaints.push(`${message.text()} (${url})`)
  })
  page.on('pageerror', (fault) => complaints.push(String(fault)))
  await office.signIn(page, name)
  return page
}

async function begin (page) {
  await page.goto('/draf/baru?jenis=surat-dinas')
  await page.waitForSelector(field)
  await page.focus(field)
  await page.keyboard.press('Control+A')
  await frame(page)
  await page.keyboard.press('Delete')
}

// The body that the form would send, without its namespace.
function body (page) {
  return page.evaluate(() => document.querySelector('textarea[name=badan]').value.replace(/ xmlns="[^"]*"/, ''))
}

async function is (page, expected, what) {
  const found = await body(page)

  must(found === `<body>${expected}</body>`, `${what}:\n  ${found}\n  <body>${expected}</body>`)
}

function paste (page, html, text = '') {
  return page.evaluate(([field, html, text]) => {
    const data = new DataTransfer()

    data.setData('text/html', html)
    data.setData('text/plain', text)
    document.querySelector(field).dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, [field, html, text])
}

function frame (page) {
  return page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))))
}

// A click and a key at once are too fast for people, and for browsers.
async function atEnd (page) {
  const isThere = () => document.querySelector('.nsk-editor').lastElementChild.contains(document.getSelection().anchorNode)

  await page.focus(field)
  do {
    await page.keyboard.press('Control+End')
    await frame(page)
  } while (!await page.evaluate(isThere))
}

function sample (name) {
  return readFileSync(join(here, '../data/clipboard', name), 'utf8')
}

const tests = {
  async 'written by keyboard: paragraphs, marks, lists and their depth' ({ page }) {
    await begin(page)
    await page.keyboard.type('Dengan hormat,')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Rapat ')
    await page.keyboard.press('Control+B')
    await page.keyboard.type('wajib')
    await page.keyboard.press('Control+B')
    await page.keyboard.type(' dihadiri.')
    await page.keyboard.press('Enter')
    await page.keyboard.type('1. pertama')
    await page.keyboard.press('Enter')
    await page.keyboard.type('kedua')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+]')
    await page.keyboard.type('rinci')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Terima kasih.')
    await is(page, '<p>Dengan hormat,</p><p>Rapat <b>wajib</b> dihadiri.</p><ol type="1"><li>pertama</li>' +
      '<li><p>kedua</p><ol type="a"><li>rinci</li></ol></li></ol><p>Terima kasih.</p>', 'typed')
    await picture(page, 'ditulis')
    await page.keyboard.press('Control+Z')
    must(!(await body(page)).includes('Terima kasih.'), 'taken back')
  },

  async 'buttons do what they say, and say what is on' ({ page }) {
    await begin(page)
    await page.keyboard.type('judul')
    await page.click('[data-do=tengah]')
    await page.keyboard.press('Control+A')
    await page.click('[data-do=miring]')
    must(await page.getAttribute('[data-do=miring]', 'aria-pressed') === 'true', 'pressed')
    await is(page, '<p align="center"><i>judul</i></p>', 'middle and italic')
    await begin(page)
    await page.keyboard.type('satu')
    await page.click('[data-do=butir]')
    await is(page, '<ul><li>satu</li></ul>', 'bullets')
    await page.click('[data-do=keluar]')
    await is(page, '<p>satu</p>', 'out of the list')
  },

  async 'headings make sections and parts, and are undone' ({ page }) {
    await begin(page)
    await page.keyboard.type('Umum')
    await page.click('[data-do=judul]')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Latar belakang.')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Maksud')
    await page.click('[data-do=judul]')
    must(await page.getAttribute('[data-do=judul]', 'aria-pressed') === 'true', 'a heading')
    await page.click('[data-do=masuk]')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Sebagai pedoman.')
    await is(page, '<section title="Umum"><p>Latar belakang.</p><section title="Maksud"><p>Sebagai pedoman.</p></section></section>', 'sections')
    await picture(page, 'judul')
    await page.keyboard.press('ArrowUp')
    await page.waitForSelector('[data-do=judul][aria-pressed=true]')
    await page.keyboard.press('Home')
    await frame(page) // the browser tells of the new place with the next picture, as fast as people see
    await page.keyboard.press('Backspace')
    await is(page, '<section title="Umum"><p>Latar belakang.</p><p>Maksud</p><p>Sebagai pedoman.</p></section>', 'part undone')
  },

  async 'a table is made, filled by Tab and changed' ({ page }) {
    await begin(page)
    await page.keyboard.type('Jadwal:')
    await page.keyboard.press('Enter')
    await page.click('[data-do=tabel]')
    await page.click(`${field} th >> nth=0`)
    for (const [n, word] of ['No', 'Hari', 'Acara', '1', 'Senin', 'Rapat', '2', 'Rabu', 'Evaluasi'].entries()) {
      if (n > 0) await page.keyboard.press('Tab')
      await page.keyboard.type(word)
    }
    await page.click('[data-do=tambah-baris]')
    await page.click('[data-do=hapus-baris]')
    await page.click(`${field} td >> nth=0`)
    await page.click('[data-do=hapus-kolom]')
    const found = await body(page)
    must(found.includes('<thead><tr><th>Hari</th><th>Acara</th></tr></thead><tbody>'), found)
    must(found.includes('<td>Senin</td><td>Rapat</td>'), found)
    await picture(page, 'tabel')
  },

  async 'pasted from Word: lists in lists and tables stay' ({ page }) {
    await begin(page)
    await paste(page, sample('word.html'))
    await is(page, readFileSync(join(here, '../data/clipboard/word.xml'), 'utf8').trim().replace(/>\s+</g, '><'), 'Word')
    await picture(page, 'dari-word')
  },

  async 'pasted from Google Docs and LibreOffice' ({ page }) {
    await begin(page)
    await paste(page, sample('docs.html'))
    await is(page, '<p>Kepada <b>seluruh</b> unit</p><ol type="1"><li>pertama</li><li>kedua</li></ol>', 'Docs')
    await begin(page)
    await paste(page, sample('writer.html'))
    await is(page, '<p><u>Perihal</u> rapat</p><ul><li>satu</li><li>dua</li></ul>', 'Writer')
    const nested = '<ol type="1"><li><p>satu</p><ol type="a"><li>rinci</li><li>lagi</li></ol></li><li>dua</li></ol>'
    for (const name of ['docs-nested.html', 'writer-nested.html', 'word-web.html']) {
      await begin(page)
      await paste(page, sample(name))
      await is(page, nested, name)
    }
  },

  async 'what is pasted brings no scripts, pictures or styles' ({ page }) {
    await begin(page)
    await paste(page, '<p style="color:red" onclick="alert(1)">a<img src=x onerror="alert(2)"><script>alert(3)</script><a href="javascript:alert(4)">b</a></p>')
    await is(page, '<p>ab</p>', 'hostile')
  },

  async 'what is written is checked, stored and comes back as it was' ({ page }) {
    await begin(page)
    await paste(page, sample('word.html'))
    const sent = await body(page)
    await page.fill('#hal', 'Jadwal pemeliharaan sumur')
    await page.fill('#kepada', 'Dinas Pengairan Kabupaten Arunika; Arunika')
    await page.fill('#penandatangan', 'Kepala Biro Umum')
    await page.fill('#klasifikasi', 'KP.08.1')
    await submit(page, 'button[value=simpan]')
    must(/\/draf\/[0-9a-f-]{36}/.test(page.url()), `${page.url()}: ${await page.innerText('main')}`)
    await page.waitForSelector(field)
    must(await body(page) === sent, `came back as ${await body(page)}\n  for ${sent}`)
    const text = await page.locator('textarea[name=isi]').inputValue()
    must(text.includes('1. Ketua tim:'), `the plain form has it too: ${text}`)
  },

  async 'what is missing is told beside it, and how the letter looks, as its PDF will' ({ page }) {
    const found = page.locator('.nsk-live li')
    const image = page.locator('.nsk-look img')
    await page.waitForFunction(() => document.querySelector('.nsk-look img').naturalWidth > 0)
    const same = await page.evaluate(async () => {
      const form = document.querySelector('form.nsk-draft')
      const body = new URLSearchParams(new FormData(form))
      const shown = await (await fetch(form.getAttribute('action') + '/pratinjau', { method: 'POST', body })).arrayBuffer()
      const stored = await (await fetch(form.getAttribute('action').replace('/draf/', '/surat/') + '/halaman/1')).arrayBuffer()
      const [a, b] = [shown, stored].map((bytes) => Array.from(new Uint8Array(bytes)).join())
      return a === b && shown.byteLength > 1000
    })
    must(same, 'the picture is another than that of the PDF')
    await picture(page, 'bentuk')
    const before = await image.getAttribute('src')
    await atEnd(page)
    await page.keyboard.type('Kalimat baru.')
    await page.waitForFunction((before) => document.querySelector('.nsk-look img').src !== before, before)
    await page.waitForSelector('.nsk-live:not([hidden])')
    await found.waitFor({ state: 'detached' })
    must((await body(page)).endsWith('<p>Kalimat baru.</p></body>'), await body(page))
    await page.fill('#hal', '')
    await page.waitForSelector('.nsk-live li a[href="#hal"]')
    await page.waitForFunction(() => document.querySelector('.nsk-look__words').textContent.includes('dibenahi'))
    must(await image.isVisible(), 'the page before is still there')
    await page.fill('#hal', 'Jadwal pemeliharaan sumur')
    await page.focus(field)
    await page.keyboard.press('Control+A')
    await frame(page)
    await page.keyboard.press('Delete')
    await page.waitForSelector('.nsk-live li a[href="#isi"]')
    await page.click('.nsk-live li a[href="#isi"]')
    must(await page.evaluate(() => document.activeElement.id) === 'isi', 'the link leads into the editor')
  },

  async 'what is typed is kept, offered again when the browser was closed, and gone when it is stored' ({ page, browser, address }) {
    const letter = new URL(page.url()).pathname
    await page.goto(letter)
    await atEnd(page)
    await page.keyboard.type('Kalimat yang hampir hilang.')
    await page.waitForFunction(() => document.querySelector('.nsk-saved').textContent.includes('tersimpan sementara'))
    const typed = await body(page)
    const again = await page.context().newPage() // a browser that knows nothing of the first
    await again.goto(letter)
    must(await again.locator('#ketikan').isVisible(), 'it is offered')
    must(!(await body(again)).includes('hampir hilang'), 'it is not taken without asking')
    await picture(again, 'ketikan')
    await again.evaluate(axe)
    const found = await again.evaluate(() => window.axe.run())
    must(found.violations.length === 0, JSON.stringify(found.violations.map(({ id, nodes }) => [id, nodes[0].html])))
    await again.click('a[href*="lanjut=1"]')
    await again.waitForSelector(field)
    must(await body(again) === typed, `it goes on with ${await body(again)}`)
    await submit(again, 'button[value=simpan]')
    must((await body(again)).includes('hampir hilang'), 'it is stored')
    await again.goto(letter)
    must(await again.locator('#ketikan').count() === 0, 'nothing is kept any more')
    await again.close()
    await page.goto(letter)
  },

  async 'what is typed while the line is down is kept when it is back' ({ page }) {
    const before = complaints.length
    await page.context().setOffline(true)
    await atEnd(page)
    await page.keyboard.type(' Tanpa sambungan.')
    await page.waitForFunction(() => document.querySelector('.nsk-saved').textContent.includes('terputus'))
    await page.context().setOffline(false)
    await page.waitForFunction(() => document.querySelector('.nsk-saved').textContent.includes('tersimpan sementara'))
    must(complaints.splice(before).every((words) => words.includes('ERR_INTERNET_DISCONNECTED')), 'of the line alone')
    const letter = new URL(page.url()).pathname
    await atEnd(page)
    await page.keyboard.type(' Pergi tanpa jeda.')
    await page.goto('/tugas') // what was typed last goes with the page
    do {
      await page.goto(`${letter}?lanjut=1`)
      await page.waitForSelector(field)
    } while (!(await body(page)).includes('Pergi tanpa jeda.'))
    await page.goto(letter)
    must(await page.locator('#ketikan').isVisible(), 'it is offered')
    await submit(page, 'form[action$="/buang"] button')
    must(await page.locator('#ketikan').count() === 0, 'thrown away')
  },

  async 'two who write know of each other, and one takes over' ({ page, browser, address }) {
    const letter = new URL(page.url()).pathname
    await atEnd(page)
    await page.keyboard.type(' Damar dulu.')
    await page.waitForFunction(() => document.querySelector('.nsk-saved').textContent.includes('tersimpan sementara'))
    const kirana = await enter(browser, address, 'kirana')
    await kirana.goto(letter)
    const told = kirana.locator('.nsk-other__words')
    must((await told.innerText()).includes('Damar Wicaksana Putra'), await told.innerText())
    await picture(kirana, 'sedang-disunting')
    await atEnd(kirana)
    await kirana.keyboard.type(' Kirana juga.')
    await kirana.waitForFunction(() => document.querySelector('.nsk-saved').textContent.includes('tersimpan sementara'))
    must(await told.isVisible(), 'it is still said')
    await submit(kirana, 'button[formaction$="/ambil-alih"]')
    must((await body(kirana)).includes('Kirana juga.'), 'what was typed stays')
    must(!await told.isVisible(), 'she is the one now')
    await atEnd(page)
    await page.keyboard.type(' Masih.')
    await page.waitForSelector('.nsk-other:not([hidden])')
    const words = await page.innerText('.nsk-other__words')
    must(/Kirana/.test(words), words)
    await kirana.context().close()
  },

  async 'every kind of letter opens in it' ({ page }) {
    await page.goto('/draf/baru')
    const kinds = await page.$$eval('main a[href*="jenis="]', (links) => links.map((link) => link.getAttribute('href')))
    must(kinds.length > 10, `only ${kinds.length} kinds`)
    for (const kind of kinds) {
      await page.goto(kind, { waitUntil: 'load' })
      must(await page.locator(field).count() === 1, `${kind} stays in the plain form`)
    }
  },

  async 'a letter that it cannot write again stays in the plain form' ({ page }) {
    const address = '**/draf/baru?jenis=surat-dinas'
    await page.route(address, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: (await response.text()).replace('&lt;p&gt;', '&lt;p&gt;&lt;b&gt;&lt;/b&gt;') })
    })
    await page.goto('/draf/baru?jenis=surat-dinas', { waitUntil: 'load' })
    must(await page.locator('textarea[name=isi]').isVisible(), 'no plain text')
    must(await page.locator(field).count() === 0, 'an editor')
    must(await page.locator('textarea[name=badan]').isDisabled(), 'what it would not write is sent')
    await page.unroute(address)
  },

  async 'no breach of accessibility, at 320 pixels and in all themes' ({ page }) {
    for (const theme of ['light', 'dark', 'contrast']) {
      await page.context().addCookies([{ name: 'theme', value: theme, url: page.url() }])
      await page.setViewportSize({ width: 320, height: 800 })
      await begin(page)
      await page.keyboard.type('isi')
      await page.evaluate(axe)
      const found = await page.evaluate(() => window.axe.run())
      must(found.violations.length === 0, JSON.stringify(found.violations.map(({ id, nodes }) => [id, nodes[0].html])))
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      must(wide <= 320, `${wide} pixels wide`)
      await picture(page, `sempit-${theme}`)
    }
    await page.setViewportSize({ width: 1280, height: 800 })
    await page.context().addCookies([{ name: 'theme', value: 'light', url: page.url() }])
  },

  async 'other pages do not load it, and without scripts the plain text is there' ({ page, browser, address }) {
    await page.goto('/tugas')
    must(await page.locator('script[src*="editor-"]').count() === 0, 'loaded elsewhere')
    const plain = await browser.newContext({ baseURL: address, javaScriptEnabled: false, storageState: await page.context().storageState() })
    const still = await plain.newPage()
    await still.goto('/draf/baru?jenis=surat-dinas')
    must(await still.locator('textarea[name=isi]').isVisible(), 'no plain text')
    must(!await still.locator('.nsk-tools').isVisible(), 'buttons that do nothing')
    await plain.close()
  },

  async 'the browser complained of nothing' () {
    must(complaints.length === 0, complaints.join('\n'))
  }
}

await office.serve()
const browser = await launch()
const world = { browser, address: office.address, page: await enter(browser, office.address) }
await runCases(Object.entries(tests).map(([name, run]) => [name, () => run(world)]))
await browser.close()
await office.close()
