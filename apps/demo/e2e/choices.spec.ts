import { expect, test } from '@playwright/test'

import { attachPicture, demo, expectAccessible, scrollsSideways } from './demo.ts'

test('three answers stand side by side, the second is used, and the conversation goes on from it', async ({
  page,
}, info) => {
  const { open, send, inspector, thread, answers, ended, openParameters } = demo(page)
  await open()
  await openParameters()
  await inspector.getByRole('spinbutton', { name: 'n', exact: true }).fill('3')
  await inspector.getByRole('spinbutton', { name: 'max_tokens' }).fill('24')
  await send('Write a slogan for a bakery.')
  const choices = thread.getByRole('article', { name: /^choice/ })
  await expect(choices).toHaveCount(3)
  await attachPicture(page, info, 'three answers arriving')
  const second = choices.nth(1)
  const use = second.getByRole('button', { name: 'Use this one' })
  await expect(use).toHaveAttribute('aria-disabled', 'false', { timeout: 30_000 })
  for (const choice of await choices.all()) {
    await expect(choice.getByLabel('Facts about this answer')).toHaveText(
      /(stop|length).*tokens.*sum −.*mean −/,
    )
  }
  const tops = await choices.evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().top))
  expect(new Set(tops).size).toBe(1)
  await expectAccessible(page, info, 'three answers')

  const text = (await second.locator('.candor-message-parts').textContent()) ?? ''
  await use.click()
  await expect(choices).toHaveCount(0)
  await expect(answers).toHaveCount(1)
  await expect(answers.locator('.candor-message-parts')).toHaveText(text)
  await expect(answers.getByRole('group', { name: 'Versions' })).toContainText('2 / 3')
  await expect(page.getByRole('button', { name: 'Show all 3 choices side by side' })).toBeFocused()

  await inspector.getByRole('spinbutton', { name: 'n', exact: true }).fill('')
  await send('Translate it into French.')
  await expect(answers).toHaveCount(2)
  await ended(/stop|length/)
  await page.getByRole('tab', { name: 'Request' }).click()
  const request = JSON.parse((await inspector.locator('pre').textContent()) ?? '') as {
    messages: { role: string; content: string }[]
  }
  expect(request.messages.find(({ role }) => role === 'assistant')?.content.trim()).toBe(text.trim())

  await answers.first().getByRole('button', { name: 'Show all 3 choices side by side' }).click()
  await expect(choices).toHaveCount(3)
  await expect(second).toContainText('in the thread')
})

test('choices are swiped on a phone, and used there @phone-only', async ({ page }, info) => {
  const { open, thread, answers } = demo(page)
  await open()
  await page.getByRole('button', { name: 'Write a slogan for a bakery.' }).click()
  const choices = thread.getByRole('article', { name: /^choice/ })
  await expect(choices).toHaveCount(3)
  const use = choices.nth(2).getByRole('button', { name: 'Use this one' })
  await expect(use).toHaveAttribute('aria-disabled', 'false', { timeout: 30_000 })
  await expect(choices.nth(2)).not.toBeInViewport({ ratio: 0.9 })
  // Where a swipe comes to rest.
  await choices.nth(2).evaluate((card) => card.scrollIntoView({ block: 'nearest', inline: 'start' }))
  await expect(choices.nth(2)).toBeInViewport({ ratio: 0.9 })
  expect(await scrollsSideways(page)).toBe(false)
  await expectAccessible(page, info, 'choices on a phone')
  await use.tap()
  await expect(answers.getByRole('group', { name: 'Versions' })).toContainText('3 / 3')
})
