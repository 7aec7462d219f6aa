import { expect, test, type Page } from '@playwright/test'

import { attachPicture, demo, expectAccessible } from './demo.ts'

/** An answer with its tokens shown. */
async function openTokens(page: Page) {
  const { open, ended } = demo(page)
  await open()
  await demo(page).send('What is the capital of France?')
  await ended()
  // Prose is shown token by token at once.
  const heatmap = page.getByRole('group', { name: 'Answer with token probabilities' })
  await expect(heatmap).toBeVisible()
  return { heatmap, alternatives: page.getByLabel(/^What else could stand for/) }
}

test('an answer can be read token by token, with what else could have stood there @phone', async ({
  page,
}, info) => {
  const { heatmap, alternatives } = await openTokens(page)
  // The text stays whole for who reads, selects or searches it.
  await expect(heatmap).toContainText('Paris')
  await heatmap.getByText('Paris').click()
  await expect(alternatives).toBeVisible()
  await expect(alternatives).toContainText('%')
  await expect(alternatives).toContainText('others')
  await expectAccessible(page, info, 'alternatives of a token')
  await page.keyboard.press('Escape')
  await expect(alternatives).toBeHidden()
})

test('tokens and their alternatives are within reach of the keyboard', async ({ page }) => {
  const { heatmap, alternatives } = await openTokens(page)
  const cursor = heatmap.getByRole('button').first()
  await cursor.focus()
  const first = await cursor.getAttribute('aria-label')
  await page.keyboard.press('ArrowRight')
  await expect(cursor).not.toHaveAttribute('aria-label', first ?? '')
  await page.keyboard.press('Enter')
  await expect(alternatives).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(alternatives).toBeHidden()
  await expect(cursor).toBeFocused()
})

test('a newcomer is told under the answer how to look into it, until that was done once', async ({
  page,
}) => {
  const { heatmap } = await openTokens(page)
  const tip = page.getByText('Press a coloured word to see what the model almost said there.')
  await expect(tip).toBeVisible()
  await heatmap.getByText('Paris').click()
  await expect(tip).toBeHidden()
  await demo(page).reload()
  await expect(heatmap).toBeVisible()
  await expect(tip).toBeHidden()
})

test('an answer goes on from another token, and the first version stays', async ({ page }, info) => {
  const { heatmap, alternatives } = await openTokens(page)
  await heatmap.getByRole('button').first().focus()
  await page.keyboard.press('Enter')
  await expect(alternatives).toBeVisible()
  // The first token of the answer is The; what stands below it is another word.
  const other = alternatives.getByRole('button', { name: /continue with it/ }).first()
  const token = (await other.locator('.candor-alternative-token').textContent()) ?? ''
  expect(token).toMatch(/^\S+$/)
  await other.click()
  const { lastAnswer, ended } = demo(page)
  await expect(lastAnswer.getByRole('group', { name: 'Versions' })).toContainText('2 / 2')
  await ended(/stop|length/)
  await expect(lastAnswer.locator('.candor-message-parts')).toContainText(token)
  await attachPicture(page, info, 'went on from another token')
  await lastAnswer.getByRole('button', { name: 'Version before' }).click()
  await expect(lastAnswer).toContainText('Paris')
})

test('an answer in Markdown is formatted at first, and shown token by token on request', async ({ page }) => {
  const { open, send, lastAnswer, ended } = demo(page)
  await open()
  await send('Give me three tips for sleeping well.')
  await ended(/stop|length/)
  await expect(lastAnswer.getByRole('listitem').first()).toBeVisible()
  await lastAnswer.getByRole('button', { name: 'Show token probabilities' }).click()
  await expect(page.getByRole('group', { name: 'Answer with token probabilities' })).toBeVisible()
})

test('the inspector counts the tokens of the answer and leads to where it wavered', async ({
  page,
}, info) => {
  const { open, send, lastAnswer, ended, inspector } = demo(page)
  await open()
  await send('Tell me about the sea in two sentences.')
  await ended(/stop|length/)
  const facts = (await lastAnswer.getByLabel('Facts about this answer').textContent()) ?? ''
  const counted = Number(/(\d+) tokens/.exec(facts)?.[1])
  // llama.cpp counts the token that ends an answer, and sends no probabilities for it in a stream.
  await expect(inspector.getByLabel('Figures of the answer')).toContainText(
    new RegExp(`tokens(${counted}|${counted - 1})perplexity`),
  )

  const passages = inspector.getByRole('region', { name: 'Where it wavered' }).getByRole('button')
  await passages.first().click()
  await expect(page.getByRole('group', { name: 'Answer with token probabilities' })).toBeVisible()
  await expect(passages.first()).toHaveAttribute('aria-current', 'true')
  await attachPicture(page, info, 'where it wavered')
})

test('without logprobs the inspector says why there are none', async ({ page }) => {
  const { open, send, ended, inspector } = demo(page)
  await open()
  await page.getByRole('button', { name: 'Logprobs' }).click()
  await send('What is the capital of France?')
  await ended()
  await expect(inspector).toContainText('Token probabilities were not asked for.')
  await expect(page.getByLabel('Facts about this answer')).toContainText(/\d+ tokens/)
  await expect(page.getByRole('button', { name: 'Show token probabilities' })).toHaveCount(0)
})
