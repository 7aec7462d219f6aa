import { expect, test } from '@playwright/test'

import { demo, expectAccessible } from './demo.ts'

test('a tool call shows its arguments, its result and the answer made of it @phone', async ({
  page,
}, info) => {
  const { open, send, thread, lastAnswer, ended } = demo(page)
  await open()
  await page.getByRole('button', { name: '2 tools' }).click()
  await expect(page.getByText('too small to choose')).toBeVisible()
  await send('What is the weather in Paris?')
  await expect(thread).toContainText('get_weather')
  await ended()
  await expect(thread).toContainText('"Paris"')
  await expect(thread).toContainText('light rain')
  // The answer after the call is a message of its own.
  await expect(lastAnswer).toContainText(/weather|rain|Paris|degrees/i)
  await expectAccessible(page, info, 'a tool call')
})

test('a tool that fails says so, and the conversation goes on', async ({ page }, info) => {
  const { open, send, thread, answers, ended } = demo(page)
  await open()
  await page.getByRole('button', { name: '2 tools' }).click()
  await send('Roll the dice.')
  await ended()
  await expect(thread).toContainText('roll_dice')
  await expect(thread).toContainText('the dice fell off the table')
  const before = await answers.count()
  await expectAccessible(page, info, 'a failing tool')

  await page.getByRole('button', { name: '2 tools' }).click()
  await send('What is the capital of France?')
  await expect(answers).toHaveCount(before + 1)
  await ended()
})

test('logprobs come with the answer after a tool call, since llama.cpp refuses them with the call', async ({
  page,
}) => {
  const { open, send, ended, inspector } = demo(page)
  await open()
  await page.getByRole('button', { name: '2 tools' }).click()
  await send('What is the weather in Paris?')
  await ended()
  await page.getByRole('tab', { name: 'Request' }).click()
  const request = inspector.locator('pre')
  await expect(request).toContainText('"logprobs": true')
  await inspector.getByRole('button', { name: 'Request before' }).click()
  await expect(request).toContainText('"tool_choice": "required"')
  await expect(request).not.toContainText('"logprobs"')
})
