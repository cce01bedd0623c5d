// SPDX-License-Identifier: GPL-3.0-or-later
// An office of its own with a server for a test in Chromium, and what people do in every one of them.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const password = 'sumur bor nomor tujuh belas'

export function must (truth, what) {
  if (!truth) throw new Error(what)
}

export function launch () {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']
  })
}

// With PICTURES set to a folder, pictures are left there.
export async function picture (page, name) {
  if (process.env.PICTURES) {
    await page.screenshot({ path: join(process.env.PICTURES, `${name}.png`), fullPage: true })
  }
}

export async function submit (page, selector) {
  await Promise.all([page.waitForNavigation(), page.locator(selector).first().click()])
}

function freePort () {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

export class Office {
  constructor (naskah, name) {
    this.naskah = naskah
    this.folder = mkdtempSync(join(tmpdir(), `naskah-${name}-`))
    this.dir = join(this.folder, 'kantor')
    execFileSync(naskah, ['init', this.dir, '--demo', '--empty'])
  }

  command (...args) {
    return JSON.parse(execFileSync(this.naskah, [...args, '--dir', this.dir, '--json'], { encoding: 'utf8' }))
  }

  // Under a name, which passkeys need.
  async serve () {
    const port = await freePort()
    this.address = `http://localhost:${port}`
    this.server = spawn(this.naskah, ['serve', '--dir', this.dir, '--listen', `127.0.0.1:${port}`,
      '--site', this.address], { stdio: ['ignore', 'ignore', 'pipe'] })
    await new Promise((resolve, reject) => {
      let said = ''
      this.server.stderr.on('data', (data) => {
        said += data
        if (said.includes('browsers are served at')) resolve()
      })
      this.server.on('exit', () => reject(new Error(`the server ended: ${said}`)))
    })
  }

  async close () {
    this.server.removeAllListeners('exit')
    this.server.kill('SIGTERM')
    await new Promise((resolve) => this.server.once('exit', resolve))
    rmSync(this.folder, { recursive: true })
  }

  // By a password that was given to the person, which he changes.
  async signIn (page, person) {
    const given = this.command('account', 'reset', person, '--as', 'wening').password

    await page.goto('/masuk')
    await page.fill('#nama', person)
    await page.fill('#sandi', given)
    await submit(page, 'main form[action="/masuk"] button')
    await page.goto('/profil/sandi')
    await page.fill('#sandi', given)
    await page.fill('#sandi-baru', password)
    await page.fill('#sandi-lagi', password)
    await submit(page, 'main button[type="submit"]')
  }
}

// --- Passkeys: a device that keeps them and knows its owner (Web Authentication, section 11)

export async function addAuthenticator (page) {
  const devtools = await page.context().newCDPSession(page)

  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true
    }
  })
  return { devtools, authenticatorId }
}

export async function addPasskey (page, label) {
  await page.goto('/profil/kunci')
  await page.fill('form.nsk-passkey #nama', label)
  await submit(page, 'form.nsk-passkey button')
}

export async function signOut (page) {
  await page.goto('/profil')
  await submit(page, 'form[action="/keluar"] button')
}

export async function enterByPasskey (page, way = '') {
  await page.goto(`/masuk${way}`)
  await submit(page, 'form.nsk-passkey button')
}

// --- Cases: [name, what is done]; TAP on standard output

export async function runCases (cases) {
  console.log(`1..${cases.length}`)
  for (const [at, [name, run]] of cases.entries()) {
    try {
      await run()
      console.log(`ok ${at + 1} - ${name}`)
    } catch (fault) {
      console.log(`not ok ${at + 1} - ${name}`)
      console.log(String(fault.stack).replace(/^/gm, '# '))
      process.exitCode = 1
    }
  }
}
