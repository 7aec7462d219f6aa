import { expect, test, type Page } from '@playwright/test'

import type { EndpointStatus } from '../server/status.ts'
import { attachPicture, demo, expectAccessible, modelStatus } from './demo.ts'
import { startServer, withKey } from './smallServers.ts'

// Whatever a test did to it, the next one finds it running.
test.afterEach(async ({ page }) => {
  await page.request.post('/candor/start')
})

test('a model server that dies in the middle of an answer can be started again, and retry goes on', async ({
  page,
}, info) => {
  const { open, send, message, thread, lastAnswer, ended, inspector, openParameters } = demo(page)
  await open()
  const { pid } = await modelStatus(page)
  expect(pid).toEqual(expect.any(Number))
  await send('Tell me a long story about a fox and the sea.')
  const text = lastAnswer.locator('.candor-message-parts')
  await expect(text).toHaveText(/\w+ \w+ \w+/)
  process.kill(pid!, 'SIGKILL')

  await expect(thread).toContainText('is kept')
  await expect(text).toHaveText(/\w+ \w+ \w+/)
  const notice = page.getByRole('alert')
  await expect(notice).toContainText('The model server ended by itself')
  await message.fill('typed meanwhile')
  await expectAccessible(page, info, 'the model server died')

  await message.press('Enter')
  await expect(message).toHaveValue('typed meanwhile')
  await notice.getByRole('button', { name: 'Start again' }).click()
  await expect(notice).toBeHidden()
  await expect.poll(() => modelStatus(page)).toMatchObject({ state: 'ready' })
  await expect(message).toHaveValue('typed meanwhile')
  // A short answer is enough: on a slow machine a long one takes its time.
  await openParameters()
  await inspector.getByRole('spinbutton', { name: 'max_tokens' }).fill('12')
  await thread.getByRole('button', { name: 'Retry' }).click()
  await ended(/stop|length/)
})

test('a model that is stopped in the panel says so, and can be started there', async ({ page }, info) => {
  const { open } = demo(page)
  await open()
  await page.getByRole('button', { name: /no key/ }).click()
  const panel = page.getByRole('dialog', { name: 'Connection' })
  await panel.getByRole('button', { name: 'Stop' }).click()
  await expect(panel).toContainText('Stopped.')
  await page.keyboard.press('Escape')
  await expect(page.getByText('The model is stopped.')).toBeVisible()
  await attachPicture(page, info, 'stopped')
  await page.getByRole('main').getByRole('button', { name: 'Start' }).click()
  await expect(page.getByRole('button', { name: 'What is the tallest mountain on Earth?' })).toBeEnabled()
})

/** Makes the page hear this of its server's model: states that a real one passes through too fast, or never. */
async function tellStatus(page: Page, status: EndpointStatus): Promise<void> {
  await page.addInitScript((told) => {
    globalThis.EventSource = class extends EventTarget {
      constructor() {
        super()
        queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(told) })))
      }
      close() {}
    } as unknown as typeof EventSource
  }, status)
}

test('the page says what is fetched, how much of it, how fast and how long it will take', async ({
  page,
}, info) => {
  await tellStatus(page, {
    state: 'preparing',
    kind: 'embedded',
    step: 'downloading',
    what: 'Fetching SmolLM2-135M-Instruct and its server',
    bytesDone: 41_000_000,
    bytesTotal: 126_700_000,
    bytesPerSecond: 12_300_000,
    secondsLeft: 7,
  })
  await page.goto('/')
  const facts = '41 of 127 MB · 12 MB/s · 7 s left'
  await expect(page.getByRole('main').getByText(facts)).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Threads' })).toContainText(facts)
  await expect(page.getByRole('progressbar', { name: /^Fetching SmolLM2/ })).toBeVisible()
  await expectAccessible(page, info, 'fetching the model')
})

test('without Python the page says what can be done, and works on an address that is typed in', async ({
  page,
}, info) => {
  await tellStatus(page, {
    state: 'failed',
    kind: 'embedded',
    code: 'python-missing',
    what: 'No Python was found, and the model server that comes with the demo needs one.',
    hint: 'Install Python 3.10 or newer and start again. Or use a model elsewhere: start with CANDOR_BASE_URL set.',
  })
  await page.goto('/')
  await expect(page.getByRole('alert')).toContainText('No Python was found')
  await expect(page.getByRole('alert')).toContainText('Install Python 3.10')
  await expect(page.getByText('CANDOR_BASE_URL')).toBeHidden()
  await expectAccessible(page, info, 'no Python')

  const server = await startServer(withKey('right'))
  try {
    await page.getByRole('button', { name: 'Use another endpoint' }).click()
    const panel = page.getByRole('dialog', { name: 'Connection' })
    await panel.getByRole('textbox', { name: 'Base URL' }).fill(`${server.origin}/v1`)
    await panel.getByLabel('Key').fill('right')
    await panel.getByRole('combobox', { name: 'Model' }).fill('parrot')
    await panel.getByRole('button', { name: 'Use this endpoint' }).click()
    await demo(page).send('What does Polly want?')
    await demo(page).ended()
    await expect(demo(page).lastAnswer).toContainText('Polly wants a cracker.')
  } finally {
    await server.close()
  }
})

test('the page says when the demo’s own server is gone', async ({ page }) => {
  await page.route('**/candor/status/events', (route) => route.abort())
  await page.goto('/')
  await expect(page.getByRole('alert')).toContainText('The demo’s server does not answer.')
})
