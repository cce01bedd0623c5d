// SPDX-License-Identifier: GPL-3.0-or-later
// passkey.mjs NASKAH: passkeys in Chromium, with the virtual authenticator of its own (Web
// Authentication, section 11): added, used for the way in and to show again that it is still he,
// refused when it is somebody else's, a copy, answered twice or removed.
import { execFileSync } from 'node:child_process'
import {
  addAuthenticator, addPasskey, enterByPasskey, launch, must, Office, runCases, signOut, submit
} from './office.mjs'

const office = new Office(process.argv[2], 'passkey')

// A browser of its own with a device that keeps passkeys.
async function newDevice (browser, address) {
  const context = await browser.newContext({ baseURL: address, locale: 'en' })
  const page = await context.newPage()

  page.setDefaultTimeout(60000)
  return { page, context, ...await addAuthenticator(page) }
}

// What the form would send, without sending it.
async function answer (page) {
  return page.evaluate(() => new Promise((resolve) => {
    const form = document.querySelector('form.nsk-passkey')
    form.submit = () => resolve(Object.fromEntries(new FormData(form)))
    form.requestSubmit()
  }))
}

async function post (page, path, fields) {
  return page.evaluate(async ([path, fields]) => {
    const answer = await fetch(path, {
      method: 'POST', body: new URLSearchParams(fields), redirect: 'manual'
    })
    return { status: answer.status, type: answer.type, text: await answer.text().catch(() => '') }
  }, [path, fields])
}

const tests = {
  async 'a passkey is added, opens the office and is told' ({ device }) {
    const { page } = device
    await office.signIn(page, 'kirana')
    await addPasskey(page, 'Telepon <b>saya</b>')
    const text = await page.innerText('main')
    must(text.includes('The passkey is added') && text.includes('Telepon <b>saya</b>'), text)
    await signOut(page)
    await enterByPasskey(page, '?ke=/tugas')
    must(new URL(page.url()).pathname === '/tugas', page.url())
    await page.goto('/profil')
    must((await page.innerText('main')).includes('last used'), 'not told that it was used')
  },

  async 'it shows again that it is still he' ({ device }) {
    const { page } = device
    await page.goto('/masuk/ulang?ke=/profil/kode')
    await submit(page, 'form.nsk-passkey button')
    must(new URL(page.url()).pathname === '/profil/kode', page.url())
  },

  async 'an answer counts once, and for its question alone' ({ device }) {
    const { page } = device
    await signOut(page)
    await page.goto('/masuk')
    const fields = await answer(page)
    const first = await post(page, '/masuk/kunci', fields)
    must(first.type === 'opaqueredirect', `first: ${first.status}`)
    await signOut(page)
    const second = await post(page, '/masuk/kunci', fields)
    must(second.status === 422, `twice: ${second.status}`)
    await page.goto('/masuk')
    const other = { ...await answer(page) }
    const data = JSON.parse(Buffer.from(other.peramban, 'base64url'))
    for (const [what, change] of Object.entries({
      origin: { origin: 'https://lain.example' }, type: { type: 'webauthn.create' },
      question: { challenge: Buffer.from('1:2:').toString('base64url') }, frame: { crossOrigin: true }
    })) {
      const peramban = Buffer.from(JSON.stringify({ ...data, ...change })).toString('base64url')
      const { status } = await post(page, '/masuk/kunci', { ...other, peramban })
      must(status === 422 || status === 429, `${what}: ${status}`)
    }
    for (const [name, value] of [['bukti', 'AAAA'], ['perangkat', 'AAAA'], ['kunci', '*'], ['peramban', '']]) {
      const { status } = await post(page, '/masuk/kunci', { ...other, [name]: value })
      must(status === 422 || status === 429, `${name}: ${status}`)
    }
  },

  async 'a device that does not meet its owner, a copy and a stranger open nothing' ({ browser, device, address }) {
    const { page, devtools, authenticatorId } = device
    const other = await newDevice(browser, address)
    await other.devtools.send('WebAuthn.setUserVerified', { authenticatorId: other.authenticatorId, isUserVerified: false })
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId })
    must(credentials.length === 1, 'the device has one passkey')
    // a copy of the passkey that counts anew
    await other.devtools.send('WebAuthn.setUserVerified', { authenticatorId: other.authenticatorId, isUserVerified: true })
    await other.devtools.send('WebAuthn.addCredential', {
      authenticatorId: other.authenticatorId, credential: { ...credentials[0], signCount: 0 }
    })
    await enterByPasskey(other.page)
    must(new URL(other.page.url()).pathname === '/masuk/kunci', `copy: ${other.page.url()}`)
    // another key under the same name
    const strange = await newDevice(browser, address)
    await office.signIn(strange.page, 'budi')
    await addPasskey(strange.page, 'laptop')
    const made = (await strange.devtools.send('WebAuthn.getCredentials', { authenticatorId: strange.authenticatorId })).credentials[0]
    await signOut(strange.page)
    await strange.page.goto('/masuk')
    const fields = await answer(strange.page)
    const id = Buffer.from(credentials[0].credentialId, 'base64').toString('base64url')
    must(made.credentialId !== credentials[0].credentialId, 'two passkeys')
    const { status } = await post(strange.page, '/masuk/kunci', { ...fields, kunci: id })
    must(status === 422 || status === 429, `stranger: ${status}`)
    await other.context.close()
    await strange.context.close()
    must(page !== undefined, '')
  },

  async 'a locked account stays shut, and a removed passkey is over' ({ browser, address }) {
    const device = await newDevice(browser, address)
    await office.signIn(device.page, 'damar')
    await addPasskey(device.page, 'laptop')
    await device.page.goto('/profil')
    await submit(device.page, 'form[action="/profil/kunci/akhir"] button')
    must((await device.page.innerText('main')).includes('The passkey is removed'), 'not told')
    await signOut(device.page)
    await enterByPasskey(device.page)
    must((await device.page.innerText('main')).includes('does not open this office'), 'removed')
    await device.context.close()

    const locked = await newDevice(browser, address)
    await office.signIn(locked.page, 'wening')
    await addPasskey(locked.page, 'laptop')
    await signOut(locked.page)
    execFileSync(office.naskah, ['account', 'lock', 'wening', '--dir', office.dir, '--as', 'wening'])
    await enterByPasskey(locked.page)
    must((await locked.page.innerText('main')).includes('does not open this office'), 'locked')
    await locked.context.close()
  },

  async 'without scripts, or under another name of the server, the password is the way' ({ browser, address }) {
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: address })
    const page = await context.newPage()
    await page.goto('/masuk')
    must(!await page.locator('form.nsk-passkey').isVisible(), 'shown without scripts')
    await context.close()
    const named = await browser.newContext({ baseURL: address.replace('localhost', '127.0.0.1') })
    const other = await named.newPage()
    await other.goto('/masuk')
    must(!await other.locator('form.nsk-passkey').isVisible(), 'shown where it cannot work')
    await named.close()
  }
}

await office.serve()
const browser = await launch()
const world = { browser, address: office.address, device: await newDevice(browser, office.address) }
await runCases(Object.entries(tests).map(([name, run]) => [name, () => run(world)]))
await browser.close()
await office.close()
