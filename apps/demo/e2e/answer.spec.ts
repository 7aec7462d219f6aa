import { expect, test } from '@playwright/test'

import { attachPicture, demo, expectAccessible, facts, scrollsSideways } from './demo.ts'

test('a prompt of the first screen is answered, and the facts stand under the answer @phone', async ({
  page,
}, info) => {
  const { open, thread, lastAnswer, ended } = demo(page)
  await open()
  await page.getByRole('button', { name: 'What is the tallest mountain on Earth?' }).click()
  await ended()
  await expect(thread.getByRole('article', { name: 'You' })).toContainText('the tallest mountain')
  await expect(lastAnswer).toContainText('Everest')
  await expect(facts(lastAnswer)).toHaveText(/stop.*ttft.* s.*\d+ tokens/)
  expect(await scrollsSideways(page)).toBe(false)
  await expectAccessible(page, info, 'an answer')
})

test('an answer arrives moment by moment', async ({ page }, info) => {
  const { open, send, ended } = demo(page)
  await open()
  // How many letters of the answer there were, each time that it was painted; line breaks have marks that come and go.
  await page.evaluate(() => {
    const lengths: number[] = []
    const look = () => {
      const parts = document.querySelector('[role=log] [data-role=assistant] .candor-message-parts')
      const letters = parts?.textContent.match(/\p{L}/gu)?.length
      if (letters !== undefined && letters !== lengths.at(-1)) lengths.push(letters)
      requestAnimationFrame(look)
    }
    look()
    Object.assign(globalThis, { lengths })
  })
  await send('Tell me a long story about a fox and the sea.')
  await expect(demo(page).lastAnswer.locator('.candor-message-parts')).toHaveText(/\w+ \w+ \w+/)
  await attachPicture(page, info, 'while it streams')
  await ended(/stop|length/)
  await expect(facts(demo(page).lastAnswer)).toContainText('tok/s')
  const lengths = await page.evaluate(() => (globalThis as unknown as { lengths: number[] }).lengths)
  expect(lengths.length).toBeGreaterThan(10)
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b))
})

test('the thread takes its name from the first message', async ({ page }) => {
  const { open } = demo(page)
  await open()
  await demo(page).send('What is the capital of France?')
  await expect(page.getByRole('heading', { name: 'What is the capital of France?' })).toBeVisible()
})

test('stop keeps what arrived, and the next message is answered', async ({ page }, info) => {
  const { open, send, lastAnswer, answers, stop, ended } = demo(page)
  await open()
  await send('Tell me a long story about a fox and the sea.')
  const text = lastAnswer.locator('.candor-message-parts')
  await expect(text).toHaveText(/\w+ \w+ \w+/)
  await stop.click()
  await ended('stopped')
  const kept = (await text.textContent()) ?? ''
  expect(kept).toMatch(/\w+ \w+/)
  await attachPicture(page, info, 'stopped')

  await send('What is the capital of France?')
  await expect(answers).toHaveCount(2)
  await ended()
  await expect(answers.first().locator('.candor-message-parts')).toHaveText(kept)
})

test('Escape stops an answer from the keyboard alone', async ({ page }) => {
  const { open, send, lastAnswer, message, ended } = demo(page)
  await open()
  await send('Tell me a long story about a fox and the sea.')
  await expect(lastAnswer.locator('.candor-message-parts')).toHaveText(/\w+ \w+/)
  await expect(message).toBeFocused()
  await page.keyboard.press('Escape')
  await ended('stopped')
})

test('an answer in the shape of a schema is JSON of that shape', async ({ page }) => {
  const { open, send, lastAnswer, ended, openParameters } = demo(page)
  await open()
  await openParameters()
  await page.getByRole('radio', { name: 'By schema' }).check()
  await page
    .getByRole('textbox', { name: 'JSON Schema' })
    .fill(
      '{"type":"object","properties":{"name":{"type":"string","maxLength":20},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}',
    )
  await send('Describe Bob, 30, as JSON')
  await ended()
  const value: unknown = JSON.parse((await lastAnswer.locator('pre').textContent()) ?? '')
  expect(value).toEqual({ name: expect.any(String), age: expect.any(Number) })
})

test('the parameters of the inspector are those of the request', async ({ page }) => {
  const { open, send, ended, inspector, openParameters } = demo(page)
  await open()
  await openParameters()
  await inspector.getByRole('spinbutton', { name: 'temperature' }).fill('')
  await inspector.getByRole('spinbutton', { name: 'seed' }).fill('7')
  await inspector.getByRole('spinbutton', { name: 'max_tokens' }).fill('3')
  await inspector.getByRole('textbox', { name: 'System message' }).fill('Be brief.')
  await send('What is the capital of France?')
  await ended('length')
  await page.getByRole('tab', { name: 'Request' }).click()
  const request = JSON.parse((await inspector.locator('pre').textContent()) ?? '') as Record<string, unknown>
  expect(request).toMatchObject({ seed: 7, max_tokens: 3, logprobs: true, top_logprobs: 5, stream: true })
  expect(request).not.toHaveProperty('temperature')
  expect(request['messages']).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'What is the capital of France?' },
  ])
  await expect(demo(page).lastAnswer).toContainText('seed 7')
})

test('the stream can be looked at record by record', async ({ page }, info) => {
  const { open, ended, inspector } = demo(page)
  await open()
  await demo(page).send('What is the capital of France?')
  await ended()
  await page.getByRole('tab', { name: 'Stream' }).click()
  await expect(inspector.locator('pre')).toHaveText('data: [DONE]')
  await inspector.getByRole('slider').press('Home')
  await expect(inspector.locator('pre')).toContainText('"role": "assistant"')
  await expectAccessible(page, info, 'the stream')
})
