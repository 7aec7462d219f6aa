import { createServer, type AddressInfo } from 'node:net'

import { expect, test, type Page } from '@playwright/test'

import { attachPicture, demo, expectAccessible } from './demo.ts'
import { nothingHere, startServer, webPage, withKey, type SmallServer } from './smallServers.ts'

let server: SmallServer | undefined
test.afterEach(async () => {
  await server?.close()
  server = undefined
})

async function openPanel(page: Page) {
  await demo(page).open()
  await page.getByRole('button', { name: /no key/ }).click()
  const panel = page.getByRole('dialog', { name: 'Connection' })
  return {
    panel,
    baseUrl: panel.getByRole('textbox', { name: 'Base URL' }),
    key: panel.getByLabel('Key'),
    model: panel.getByRole('combobox', { name: 'Model' }),
    test: panel.getByRole('button', { name: 'Test connection' }),
    use: panel.getByRole('button', { name: 'Use this endpoint' }),
    finding: panel.locator('output'),
  }
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

test('an address where no server runs', async ({ page }, info) => {
  const { baseUrl, test: testIt, finding } = await openPanel(page)
  await baseUrl.fill(`127.0.0.1:${await closedPort()}`)
  await testIt.click()
  await expect(finding).toContainText('No server answers at')
  await expectAccessible(page, info, 'no server')
})

test('a message to an address where no server runs says so in the thread', async ({ page }) => {
  const { baseUrl, model, use } = await openPanel(page)
  const port = await closedPort()
  await baseUrl.fill(`http://127.0.0.1:${port}/v1`)
  await model.fill('parrot')
  await use.click()
  const { send, thread } = demo(page)
  await send('What does Polly want?')
  await expect(thread).toContainText(`No server answers at 127.0.0.1:${port}.`)
  await expect(thread).not.toContainText('The server failed')
  await expect(thread.getByRole('button', { name: 'Retry' })).toBeVisible()
})

test('an address that is a web page', async ({ page }) => {
  server = await startServer(webPage)
  const { baseUrl, test: testIt, finding } = await openPanel(page)
  await baseUrl.fill(server.origin)
  await testIt.click()
  await expect(finding).toContainText('a web page, not an API')
})

test('an address with nothing at it', async ({ page }) => {
  server = await startServer(nothingHere)
  const { baseUrl, test: testIt, finding } = await openPanel(page)
  await baseUrl.fill(`${server.origin}/api`)
  await testIt.click()
  await expect(finding).toContainText('(404)')
})

test('a wrong key, then the right one, and a message to that server', async ({ page }, info) => {
  server = await startServer(withKey('right'))
  const { panel, baseUrl, key, model, test: testIt, use, finding } = await openPanel(page)
  // Without /v1 the test finds the address that was meant.
  await baseUrl.fill(server.origin)
  await key.fill('wrong')
  await testIt.click()
  await panel.getByRole('button', { name: `Use ${server.origin}/v1` }).click()
  await expect(baseUrl).toHaveValue(`${server.origin}/v1`)
  await expect(finding).toContainText('refuses this key (401): “Incorrect API key provided”')
  await key.fill('right')
  await testIt.click()
  await expect(finding).toContainText('lists one model')
  await expect(model).toHaveValue('parrot')
  await attachPicture(page, info, 'a connection that works')
  await use.click()
  await expect(panel).toBeHidden()

  const { send, lastAnswer, ended } = demo(page)
  await send('What does Polly want?')
  await ended()
  await expect(lastAnswer).toContainText('Polly wants a cracker.')
  const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))
  expect(stored).not.toContain('right')
})

test('a message with a wrong key shows what the server said, and is kept for another try', async ({
  page,
}, info) => {
  server = await startServer(withKey('right'))
  const { baseUrl, key, model, use } = await openPanel(page)
  await baseUrl.fill(`${server.origin}/v1`)
  await key.fill('wrong')
  await model.fill('parrot')
  await use.click()
  const { send, thread, ended } = demo(page)
  await send('What does Polly want?')
  await expect(thread).toContainText('did not accept the API key')
  await expect(thread).toContainText('401')
  await expectAccessible(page, info, 'wrong key')

  await page.getByRole('button', { name: /key in this tab/ }).click()
  await key.fill('right')
  await use.click()
  await thread.getByRole('button', { name: 'Retry' }).click()
  await ended()
  await expect(thread).toContainText('a cracker')
  await expect(thread.getByRole('article', { name: 'You' })).toHaveCount(1)
})

test('a key goes to the address that it was typed for, and to no other', async ({ page }) => {
  const asked: (string | undefined)[] = []
  server = await startServer((request, response) => {
    asked.push(request.headers.authorization)
    withKey('right')(request, response)
  })
  const { panel, baseUrl, key, test: testIt, finding } = await openPanel(page)
  await panel.getByRole('button', { name: 'OpenAI', exact: true }).click()
  await key.fill('sk-openai')
  await panel.getByRole('button', { name: 'Groq' }).click()
  await expect(key).toHaveValue('')
  await baseUrl.fill(`${server.origin}/v1`)
  await testIt.click()
  await expect(finding).toContainText('wants a key (401)')
  expect(asked).toEqual([undefined])
  await panel.getByRole('button', { name: 'OpenAI', exact: true }).click()
  await expect(key).toHaveValue('sk-openai')
})

test('what is typed in the panel is still there when it is opened again', async ({ page }) => {
  const { panel, baseUrl, key } = await openPanel(page)
  await baseUrl.fill('http://localhost:9/v1')
  await key.fill('sk-1')
  await page.keyboard.press('Escape')
  await expect(panel).toBeHidden()
  await page.getByRole('button', { name: /no key/ }).click()
  await expect(baseUrl).toHaveValue('http://localhost:9/v1')
  await expect(key).toHaveValue('sk-1')
})
