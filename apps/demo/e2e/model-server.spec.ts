import { expect, test } from '@playwright/test'

import { attachPicture, demo, expectAccessible, modelStatus } from './demo.ts'

test('a model server that dies in the middle of an answer can be started again, and retry goes on', async ({
  page,
}, info) => {
  const { open, send, message, thread, lastAnswer, ended } = demo(page)
  await open()
  const { pid } = await modelStatus(page)
  expect(pid).toEqual(expect.any(Number))
  await send('Tell me a long story about a fox and the sea.')
  const text = lastAnswer.locator('.candor-message-parts')
  await expect(text).toHaveText(/\w+ \w+ \w+/)
  process.kill(pid!, 'SIGKILL')

  await expect(thread).toContainText('What arrived is kept.')
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
  await expect(page.getByRole('button', { name: 'What is the capital of France?' })).toBeEnabled()
})

test('the page says what is fetched, how much of it, how fast and how long it will take', async ({
  page,
}, info) => {
  const status = {
    state: 'preparing',
    kind: 'embedded',
    step: 'downloading',
    what: 'Fetching SmolLM2-135M-Instruct and its server',
    bytesDone: 41_000_000,
    bytesTotal: 126_700_000,
    bytesPerSecond: 12_300_000,
    secondsLeft: 7,
  }
  await page.route('**/candor/status/events', (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: `data: ${JSON.stringify(status)}\n\n` }),
  )
  await page.goto('/')
  await expect(page.getByText('41 of 127 MB · 12 MB/s · 7 s left')).toBeVisible()
  await attachPicture(page, info, 'fetching the model')
})
