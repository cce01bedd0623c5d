// SPDX-License-Identifier: GPL-3.0-or-later
// first-view.mjs ADDRESS COOKIE: when the list of tasks is there on a slow phone on a weak line, for
// somebody who comes for the first time: 390 x 844, processor six times slower, 400 kbit/s, 400 ms.
// Prints {"seconds", "bytes"}, the median of three.
import { chromium } from 'playwright-core'

const [address, cookie] = process.argv.slice(2)
const line = { offline: false, latency: 400, downloadThroughput: 50000, uploadThroughput: 50000 }

async function look (browser) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  await context.addCookies(cookie.split('; ').map((pair) => {
    const [name, ...value] = pair.split('=')
    return { name, value: value.join('='), url: address }
  }))
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  let bytes = 0
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', line)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  devtools.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength })
  await page.addInitScript(() => {
    new MutationObserver(() => {
      if (window.listed === undefined && document.querySelector('.nsk-task')) {
        window.listed = performance.now()
      }
    }).observe(document, { childList: true, subtree: true })
  })
  await page.goto(address, { waitUntil: 'load' })
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
  const seconds = await page.evaluate(() => {
    const painted = performance.getEntriesByName('first-contentful-paint')[0].startTime
    return Math.max(painted, window.listed) / 1000
  })
  await context.close()
  return { seconds, bytes }
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox']
})
const runs = []
for (let n = 0; n < 3; n++) runs.push(await look(browser))
await browser.close()
runs.sort((one, other) => one.seconds - other.seconds)
console.log(JSON.stringify(runs[1]))
